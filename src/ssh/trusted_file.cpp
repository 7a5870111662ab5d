#include "ssh/trusted_file.hpp"

#include <backdoor/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

namespace backdoor::ssh {

namespace {

constexpr std::size_t longest = 1024 * 1024;

[[noreturn]] void fail(const std::string& path, const std::string& why) {
    throw error{"backdoor: " + path + ": " + why};
}

/// Closed at its end; a descriptor's owner of the library itself is not in this module.
class file {
public:
    explicit file(const std::string& path)
        // Not to wait for the other end of a pipe.
        : fd_{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)} {}
    file(const file&) = delete;
    file& operator=(const file&) = delete;
    ~file() {
        if (fd_ >= 0) {
            close(fd_);
        }
    }
    int get() const { return fd_; }

private:
    const int fd_;
};

void check_owner(const std::string& path, const struct stat& found) {
    if (found.st_uid != 0 && found.st_uid != geteuid()) {
        fail(path, "it belongs to user " + std::to_string(found.st_uid) +
                       ", who could change who may come in; give it to user " +
                       std::to_string(geteuid()));
    }
}

void check_file(const std::string& path, const struct stat& found, bool secret) {
    if (!S_ISREG(found.st_mode)) {
        fail(path, "it is no file");
    }
    check_owner(path, found);
    if (secret && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        fail(path, "others may read it; take that right away (chmod 600)");
    }
    if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        fail(path, "others may change it; take that right away (chmod go-w)");
    }
}

/// All of them on the way to the file itself, wherever links lead.
void check_folders(const std::string& path) {
    std::array<char, PATH_MAX> real{};
    if (realpath(path.c_str(), real.data()) == nullptr) {
        fail(path, std::strerror(errno));
    }
    std::string folder{real.data()};
    while (folder != "/") {
        const auto slash = folder.rfind('/');
        folder.resize(slash == 0 ? 1 : slash);
        struct stat found {};
        if (stat(folder.c_str(), &found) != 0) {
            fail(folder, std::strerror(errno));
        }
        check_owner(folder, found);
        if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (found.st_mode & S_ISVTX) == 0) {
            fail(folder, "others may change what is in that folder, and so who may come in; take that "
                         "right away (chmod go-w)");
        }
    }
}

std::string read_all(const std::string& path, int fd) {
    std::string text;
    std::array<char, 4096> part;
    for (;;) {
        const auto size = ::read(fd, part.data(), part.size());
        if (size < 0) {
            fail(path, std::strerror(errno));
        }
        if (size == 0) {
            return text;
        }
        text.append(part.data(), static_cast<std::size_t>(size));
        if (text.size() > longest) {
            fail(path, "it is longer than " + std::to_string(longest) + " bytes");
        }
    }
}

}  // namespace

std::string read_trusted_file(const std::string& path, bool secret) {
    const file opened{path};
    struct stat found {};
    if (opened.get() < 0 || fstat(opened.get(), &found) != 0) {
        fail(path, std::strerror(errno));
    }
    check_file(path, found, secret);
    check_folders(path);
    return read_all(path, opened.get());
}

}  // namespace backdoor::ssh
