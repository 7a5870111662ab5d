// One server's audit log.
#pragma once

#include "session/audit_sink.hpp"

#include <backdoor/audit.hpp>
#include <backdoor/export.hpp>
#include <backdoor/options.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace backdoor {

/// Writes what happens to where options::audit_log says, and gives it to options::audit.
/// Thread safety: all members; none of the callers may hold the GIL, for which a callback may wait.
class audit_log {
public:
    /// `log` is called, at most once per failure that lasts, where an entry cannot be written.
    audit_log(const options& choices, std::string server,
              std::function<void(std::string_view)> log);

    /// Somebody wants to know.
    bool is_on() const { return !log_name_.empty() || callback_; }

    /// Returns once the event is written. Empty; or why it could not be, where without that what it
    /// announces must not happen (options::audit_required).
    std::string record(audit_event event);

private:
    void write(const audit_event& event);
    void call_back(const audit_event& event);

    const std::string log_name_;
    const std::function<void(const audit_event&)> callback_;
    const bool orderly_;
    const bool required_;
    const std::string server_;
    const std::function<void(std::string_view)> log_;

    std::mutex mutex_;
    std::unique_ptr<audit_sink> sink_;  // none where it could not be opened yet
    std::mutex calling_;
    std::atomic<bool> failing_{false};
};

/// What is recorded of one session. Thread safety: all members.
class BACKDOOR_API audit_trail {
public:
    /// `known_as`: as peer() where empty.
    audit_trail(std::shared_ptr<audit_log> log, std::string peer, std::string user,
                std::string known_as = {});

    /// As audit_log's.
    bool is_on() const;
    std::string record(audit_event::kind what, std::string_view text = {},
                       std::chrono::microseconds took = {}) const;

    /// 1, 2, 3... within this process, also of those that are turned away.
    std::uint64_t session() const { return number_; }
    const std::string& peer() const { return peer_; }
    const std::string& user() const { return user_; }
    /// What people are shown: "127.0.0.1:51234", "192.0.2.1:51234 (certificate alice)".
    const std::string& known_as() const { return known_as_.empty() ? peer_ : known_as_; }

private:
    const std::shared_ptr<audit_log> log_;
    const std::uint64_t number_;
    const std::string peer_;
    const std::string user_;
    const std::string known_as_;
};

}  // namespace backdoor
