#include "session/unix_door.hpp"

#include <backdoor/error.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <thread>

namespace backdoor {

namespace {

constexpr int backlog = 1024;
// How long to wait for another process that makes its socket in the same folder just now.
constexpr std::chrono::milliseconds lock_limit{1000};

[[noreturn]] void fail(const std::string& path, const std::string& why) {
    throw error{"backdoor: cannot listen on " + path + ": " + why};
}

// ---- the path ---------------------------------------------------------------------------------

void replace(std::string& text, std::string_view mark, const std::string& with) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + with.size())) {
        text.replace(at, mark.size(), with);
    }
}

/// The folder for sockets of this user's processes.
std::string make_place() {
    const char* const runtime = getenv("XDG_RUNTIME_DIR");
    const bool own = runtime != nullptr && runtime[0] == '/';
    const std::string place = own ? std::string{runtime} + "/backdoor" : "/run/backdoor";
    const mode_t mode = own ? S_IRWXU : S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH;
    if ((mkdir(place.c_str(), mode) != 0 && errno != EEXIST) ||
        euidaccess(place.c_str(), W_OK) != 0) {
        fail(place, std::string{std::strerror(errno)} +
                        "; set XDG_RUNTIME_DIR, or give the socket a path with a slash in it");
    }
    return place;
}

// ---- the folder -------------------------------------------------------------------------------

/// Held while a socket is put into a folder: of several processes that find a stale one, the second
/// must not take the first one's for stale.
class folder_lock {
public:
    explicit folder_lock(const std::string& path) {
        const auto folder = path.substr(0, path.rfind('/') + 1);
        const std::string name = folder.empty() ? "." : folder;
        fd_.reset(open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        struct stat found {};
        if (!fd_ || fstat(fd_.get(), &found) != 0) {
            fail(path, std::strerror(errno));
        }
        check(path, found);
        const auto end = std::chrono::steady_clock::now() + lock_limit;
        while (flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
            if (std::chrono::steady_clock::now() > end) {
                fail(path, "another process keeps its folder locked");
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }

private:
    /// In a folder that others may change, a client could meet another's socket in place of ours.
    static void check(const std::string& path, const struct stat& folder) {
        if (folder.st_uid != 0 && folder.st_uid != geteuid()) {
            fail(path, "its folder belongs to user " + std::to_string(folder.st_uid) +
                           ", who could put another socket in its place; use a folder of user " +
                           std::to_string(geteuid()) + " or of root");
        }
        if ((folder.st_mode & S_IWOTH) != 0 && (folder.st_mode & S_ISVTX) == 0) {
            fail(path, "everybody may write into its folder, and put another socket in its place; "
                       "take that right away (chmod o-w)");
        }
    }

    unique_fd fd_;
};

// ---- the socket -------------------------------------------------------------------------------

struct address {
    sockaddr_un name{};
    socklen_t size = sizeof name;

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name); }
};

address address_of(const std::string& path) {
    address to;
    to.name.sun_family = AF_UNIX;
    if (path.size() >= sizeof to.name.sun_path) {
        fail(path, "the path has " + std::to_string(path.size()) + " bytes, a unix socket's may " +
                       "have " + std::to_string(sizeof to.name.sun_path - 1));
    }
    path.copy(to.name.sun_path, path.size());
    if (path.starts_with('@')) {
        to.name.sun_path[0] = '\0';
        to.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    }
    return to;
}

bool is_stale(const address& place) {
    const unique_fd probe{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    // Any other error is no proof: it may be one that we may not connect to.
    return connect(probe.get(), place.get(), place.size) != 0 && errno == ECONNREFUSED;
}

void remove_stale(const std::string& path, const address& place) {
    struct stat found {};
    if (lstat(path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) {
        fail(path, "there is a file of that name that is no socket");
    }
    if (!is_stale(place)) {
        fail(path, "another process listens there");
    }
    if (unlink(path.c_str()) != 0) {
        fail(path, "a socket that nobody listens at is in its place, and cannot be removed: " +
                       std::string{std::strerror(errno)});
    }
}

/// The file of a socket, as long as it is the one we made.
class socket_file {
public:
    explicit socket_file(std::string path) : path_{std::move(path)} { lstat(path_.c_str(), &made_); }
    socket_file(const socket_file&) = delete;
    socket_file& operator=(const socket_file&) = delete;
    ~socket_file() {
        struct stat found {};
        if (lstat(path_.c_str(), &found) == 0 && found.st_ino == made_.st_ino &&
            found.st_dev == made_.st_dev) {
            unlink(path_.c_str());
        }
    }

private:
    const std::string path_;
    struct stat made_ {};
};

}  // namespace

std::string unix_path(std::string_view given) {
    std::string path{given.empty() ? "{name}.{pid}" : given};
    replace(path, "{pid}", std::to_string(getpid()));
    replace(path, "{name}", program_invocation_short_name);
    const bool is_abstract = path.starts_with('@');
    return is_abstract || path.find('/') != std::string::npos ? path : make_place() + "/" + path;
}

unix_door listen_unix(const std::string& path, bool guests) {
    const auto place = address_of(path);
    const bool is_abstract = path.starts_with('@');
    unix_door door;
    door.fd.reset(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!door.fd) {
        fail(path, std::strerror(errno));
    }
    // Before bind(), so that the file is never there with a wider mode.
    constexpr mode_t owner = S_IRUSR | S_IWUSR;
    fchmod(door.fd.get(), owner);
    std::optional<folder_lock> lock;
    if (!is_abstract) {
        lock.emplace(path);
    }
    const auto bind_it = [&] { return bind(door.fd.get(), place.get(), place.size) == 0; };
    if (!bind_it()) {
        if (errno != EADDRINUSE) {
            fail(path, std::strerror(errno));
        }
        if (is_abstract) {
            fail(path, "another process listens there");
        }
        remove_stale(path, place);
        if (!bind_it()) {
            fail(path, std::strerror(errno));
        }
    }
    if (!is_abstract) {
        door.file = std::make_shared<socket_file>(path);
        if (guests) {
            // The kernel is asked who each client is. Nobody else can have changed the folder.
            chmod(path.c_str(), owner | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
        }
    }
    if (::listen(door.fd.get(), backlog) != 0) {
        fail(path, std::strerror(errno));
    }
    return door;
}

}  // namespace backdoor
