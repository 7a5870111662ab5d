#include "session/audit_log.hpp"

#include "session/audit_function.hpp"
#include "session/forked.hpp"

#include <atomic>
#include <exception>
#include <utility>

namespace backdoor {

namespace {

constexpr std::string_view syslog = "syslog";
constexpr const char* default_syslog_socket = "/dev/log";

std::uint64_t next_number() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

std::unique_ptr<audit_sink> make_sink(const std::string& name) {
    if (name == syslog) {
        return make_audit_syslog(default_syslog_socket);
    }
    if (name.starts_with(std::string{syslog} + ':')) {
        return make_audit_syslog(name.substr(syslog.size() + 1));
    }
    return make_audit_file(name);
}

}  // namespace

audit_log::audit_log(const options& choices, std::string server,
                     std::function<void(std::string_view)> log)
    : log_name_{choices.audit_log},
      callback_{choices.audit},
      orderly_{callback_.target<orderly_audit>() != nullptr},
      required_{choices.audit_required},
      server_{std::move(server)},
      log_{std::move(log)} {}

void audit_log::write(const audit_event& event) {
    if (!log_name_.empty()) {
        if (!sink_) {
            sink_ = make_sink(log_name_);
        }
        sink_->write(event);
    }
}

/// Never on two threads at once.
void audit_log::call_back(const audit_event& event) {
    std::unique_lock one_at_a_time{calling_, std::defer_lock};
    if (!orderly_) {
        one_at_a_time.lock();
    }
    callback_(event);
}

std::string audit_log::record(audit_event event) {
    if (!is_on() || in_forked_child()) {
        return {};
    }
    event.server = server_;
    std::string failure;
    try {
        {
            const std::lock_guard guard{mutex_};
            event.time = std::chrono::system_clock::now();
            write(event);
        }
        if (callback_) {
            call_back(event);
        }
        failing_ = false;
        return {};
    } catch (const std::exception& problem) {
        failure = problem.what();
    } catch (...) {
        failure = "options.audit threw what is no std::exception";
    }
    if (!failing_.exchange(true)) {
        log_("backdoor: " + failure +
             (required_ ? "; nothing is run until it can be (options.audit_required)"
                        : "; going on without it"));
    }
    return required_ ? failure + " (options.audit_required)" : std::string{};
}

// ---- audit_trail ------------------------------------------------------------------------------

audit_trail::audit_trail(std::shared_ptr<audit_log> log, std::string peer, std::string user,
                         std::string known_as)
    : log_{std::move(log)},
      number_{next_number()},
      peer_{std::move(peer)},
      user_{std::move(user)},
      known_as_{std::move(known_as)} {}

bool audit_trail::is_on() const { return log_->is_on(); }

std::string audit_trail::record(audit_event::kind what, std::string_view text,
                                std::chrono::microseconds took) const {
    return log_->record({what, {}, {}, number_, peer_, user_, text, took});
}

}  // namespace backdoor
