#include "history/history_file.hpp"

#include <backdoor/error.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

namespace backdoor {

namespace {

class open_descriptor {
public:
    explicit open_descriptor(int fd) : fd_{fd} {}
    open_descriptor(open_descriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    open_descriptor& operator=(open_descriptor&&) = delete;
    ~open_descriptor() {
        if (fd_ >= 0) {
            close(fd_);
        }
    }

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

private:
    int fd_;
};

[[noreturn]] void fail(const std::string& path, const std::string& why) {
    throw error{"cannot use the history file " + path + ": " + why};
}

struct stat state_of(int fd, const std::string& path) {
    struct stat found {};
    if (fstat(fd, &found) != 0) {
        fail(path, std::strerror(errno));
    }
    return found;
}

/// Nothing where there is none and `flags` do not make one.
open_descriptor open_file(const std::string& path, int flags) {
    // Not a link, which somebody may have laid to a file of ours; and not a pipe, which would make
    // us wait for its reader.
    open_descriptor fd{::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR)};
    if (!fd) {
        if (errno == ENOENT && (flags & O_CREAT) == 0) {
            return fd;
        }
        fail(path, errno == ELOOP ? "it is a link" : std::strerror(errno));
    }
    const auto found = state_of(fd.get(), path);
    if (!S_ISREG(found.st_mode)) {
        fail(path, "it is no file");
    }
    if (found.st_uid != geteuid()) {
        fail(path, "it belongs to user " + std::to_string(found.st_uid));
    }
    if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0 && fchmod(fd.get(), S_IRUSR | S_IWUSR) != 0) {
        fail(path, std::strerror(errno));
    }
    return fd;
}

void write_all(int fd, std::string_view text, const std::string& path) {
    const auto written = ::write(fd, text.data(), text.size());
    if (written != static_cast<ssize_t>(text.size())) {
        fail(path, std::strerror(written < 0 ? errno : ENOSPC));
    }
}

std::string read_all(int fd, const std::string& path) {
    std::string text(static_cast<std::size_t>(state_of(fd, path).st_size), '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const auto got = pread(fd, text.data() + size, text.size() - size, static_cast<off_t>(size));
        if (got <= 0) {
            break;  // it is shorter than it was
        }
        size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    return text;
}

std::string now() {
    timespec time{};
    clock_gettime(CLOCK_REALTIME, &time);
    tm parts{};
    localtime_r(&time.tv_sec, &parts);
    std::array<char, 32> text{};
    const auto size = std::strftime(text.data(), text.size(), "%F %T", &parts);
    return {text.data(), size};
}

}  // namespace

history_file::history_file(std::string path, std::size_t max_bytes)
    : path_{std::move(path)}, max_bytes_{max_bytes} {}

std::vector<std::string> history_file::read() const {
    std::vector<std::string> blocks;
    const auto fd = open_file(path_, O_RDONLY);
    if (!fd) {
        return blocks;
    }
    const auto text = read_all(fd.get(), path_);
    bool within = false;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        const auto line = std::string_view{text}.substr(begin, end - begin);
        begin = end + 1;
        if (!line.starts_with('+')) {
            within = false;
        } else if (std::exchange(within, true)) {
            (blocks.back() += '\n') += line.substr(1);
        } else {
            blocks.emplace_back(line.substr(1));
        }
    }
    return blocks;
}

bool history_file::append(std::string_view block) const {
    // An empty line first: the last block may have been written in part.
    std::string text = "\n# " + now() + "\n+";
    for (const char c : block) {
        text += c;
        if (c == '\n') {
            text += '+';
        }
    }
    text += '\n';
    const auto fd = open_file(path_, O_WRONLY | O_APPEND | O_CREAT);
    if (flock(fd.get(), LOCK_SH | LOCK_NB) != 0) {
        return false;
    }
    const auto found = state_of(fd.get(), path_);
    if (found.st_nlink == 0) {
        return false;  // it was cut down since it was opened
    }
    // In one call, so that blocks of several processes do not mix.
    write_all(fd.get(), text, path_);
    flock(fd.get(), LOCK_UN);
    if (static_cast<std::size_t>(found.st_size) + text.size() > max_bytes_) {
        cut_down();
    }
    return true;
}

void history_file::cut_down() const {
    const auto fd = open_file(path_, O_RDONLY);
    if (!fd || flock(fd.get(), LOCK_EX | LOCK_NB) != 0 || state_of(fd.get(), path_).st_nlink == 0) {
        return;  // another process does, or adds to it: with the next block, then
    }
    const auto text = read_all(fd.get(), path_);
    if (text.size() <= max_bytes_) {
        return;
    }
    const auto begin = std::min(text.find("\n# ", text.size() - max_bytes_ / 2), text.size());
    const auto other = path_ + "." + std::to_string(getpid()) + ".new";
    unlink(other.c_str());
    write_all(open_file(other, O_WRONLY | O_CREAT | O_EXCL).get(),
              std::string_view{text}.substr(begin), other);
    if (rename(other.c_str(), path_.c_str()) != 0) {
        const int code = errno;
        unlink(other.c_str());
        fail(path_, std::strerror(code));
    }
}

bool may_hold_secret(std::string_view block) {
    static constexpr std::array<std::string_view, 9> words = {
        "password", "passwd", "passphrase", "secret", "token",
        "credential", "api_key", "apikey", "private_key"};
    std::string lower{block};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

}  // namespace backdoor
