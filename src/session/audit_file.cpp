#include "session/audit_sink.hpp"

#include <backdoor/error.hpp>
#include <backdoor/listener.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace backdoor {

namespace {

/// write(2), to which a limit on the size of files (setrlimit) is an error like any other: its signal would
/// end the process.
ssize_t write_unsignalled(int fd, std::string_view bytes) {
    sigset_t of_the_limit;
    sigset_t before;
    sigemptyset(&of_the_limit);
    sigaddset(&of_the_limit, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &of_the_limit, &before);
    const auto written = ::write(fd, bytes.data(), bytes.size());
    const int code = errno;
    if (written < 0 && code == EFBIG && sigismember(&before, SIGXFSZ) == 0) {
        const timespec at_once{};
        sigtimedwait(&of_the_limit, nullptr, &at_once);
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = code;
    return written;
}

class audit_file final : public audit_sink {
public:
    explicit audit_file(const std::string& path) : path_{std::filesystem::absolute(path)} { open(); }

    void write(const audit_event& event) override {
        if (was_rotated()) {
            open();
        }
        // In one call, so that lines of several processes do not mix.
        auto line = to_json(event) + '\n';
        if (torn_) {
            line.insert(0, 1, '\n');
        }
        const auto written = write_unsignalled(fd_.get(), line);
        if (written == static_cast<ssize_t>(line.size())) {
            torn_ = false;
            return;
        }
        const int code = written < 0 ? errno : ENOSPC;
        torn_ = torn_ || written > 0;
        fail(std::strerror(code));
    }

private:
    [[noreturn]] void fail(const std::string& why) const {
        throw error{"cannot write the audit log " + path_ + ": " + why};
    }

    bool was_rotated() const {
        struct stat here {};
        struct stat there {};
        return fstat(fd_.get(), &here) != 0 || lstat(path_.c_str(), &there) != 0 ||
               here.st_ino != there.st_ino || here.st_dev != there.st_dev;
    }

    void open() {
        // Not a link, which somebody may have laid to a file of ours; and not a pipe, which would
        // make us wait for its reader.
        unique_fd fd{::open(path_.c_str(),
                            O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                            S_IRUSR | S_IWUSR)};
        struct stat found {};
        if (!fd || fstat(fd.get(), &found) != 0) {
            fail(errno == ELOOP ? "it is a link" : std::strerror(errno));
        }
        if (!S_ISREG(found.st_mode)) {
            fail("it is no file");
        }
        // Somebody may have put it there for us: to read what he may not, to forge it, or with a hard
        // link to have a file of ours appended to.
        if (found.st_uid != geteuid() && found.st_uid != 0) {
            fail("it belongs to user " + std::to_string(found.st_uid));
        }
        if (found.st_nlink > 1) {
            fail("it has other names (hard links)");
        }
        if ((found.st_mode & S_IWOTH) != 0) {
            fail("others may write to it; chmod o-w");
        }
        fd_ = std::move(fd);
        torn_ = false;
    }

    const std::string path_;  // also where the process changes its folder
    unique_fd fd_;
    bool torn_ = false;  // the last line was written in part
};

}  // namespace

std::unique_ptr<audit_sink> make_audit_file(const std::string& path) {
    return std::make_unique<audit_file>(path);
}

}  // namespace backdoor
