#include "session/audit_sink.hpp"

#include <backdoor/error.hpp>
#include <backdoor/listener.hpp>

#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace backdoor {

namespace {

// What every system's log takes in one message; the journal and rsyslog take more.
constexpr std::size_t max_text = 6 * 1024;

/// Not syslog(3): that has one identity for the whole process, which is the host's to choose, may
/// wait, and does not say whether the message arrived.
class audit_syslog final : public audit_sink {
public:
    explicit audit_syslog(std::string path) : path_{std::move(path)} {
        if (path_.size() >= sizeof address_.sun_path) {
            throw error{"the path of the system log's socket is too long: " + path_};
        }
        address_.sun_family = AF_UNIX;
        path_.copy(address_.sun_path, path_.size());
        connect();
    }

    void write(const audit_event& event) override {
        const auto message = "<" + std::to_string(LOG_AUTHPRIV | LOG_NOTICE) + ">" +
                             program_invocation_short_name + "[" + std::to_string(getpid()) +
                             "]: backdoor " + to_json(event, max_text);
        // Once more where the log's daemon was started anew.
        if (!send(message)) {
            connect();
            if (!send(message)) {
                fail();
            }
        }
    }

private:
    [[noreturn]] void fail() const {
        throw error{"cannot write the audit log to " + path_ + ": " + std::strerror(errno)};
    }

    bool send(const std::string& message) const {
        return ::send(fd_.get(), message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
    }

    void connect() {
        fd_.reset(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        if (!fd_ || ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address_),
                              sizeof address_) != 0) {
            fail();
        }
    }

    const std::string path_;
    sockaddr_un address_{};
    unique_fd fd_;
};

}  // namespace

std::unique_ptr<audit_sink> make_audit_syslog(std::string socket_path) {
    return std::make_unique<audit_syslog>(std::move(socket_path));
}

}  // namespace backdoor
