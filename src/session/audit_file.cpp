#include "session/audit_sink.hpp"

#include <backdoor/error.hpp>
#include <backdoor/listener.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace backdoor {

namespace {

class audit_file final : public audit_sink {
public:
    explicit audit_file(std::string path) : path_{std::move(path)} { open(); }

    void write(const audit_event& event) override {
        if (was_rotated()) {
            open();
        }
        // In one call, so that lines of several processes do not mix.
        auto line = to_json(event) + '\n';
        if (torn_) {
            line.insert(0, 1, '\n');
        }
        const auto written = ::write(fd_.get(), line.data(), line.size());
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
        return fstat(fd_.get(), &here) != 0 || stat(path_.c_str(), &there) != 0 ||
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
        fd_ = std::move(fd);
        torn_ = false;
    }

    const std::string path_;
    unique_fd fd_;
    bool torn_ = false;  // the last line was written in part
};

}  // namespace

std::unique_ptr<audit_sink> make_audit_file(std::string path) {
    return std::make_unique<audit_file>(std::move(path));
}

}  // namespace backdoor
