// What the sessions of one server share.
#pragma once

#include "console/engine.hpp"
#include "session/access.hpp"
#include "session/audit_log.hpp"
#include "session/front.hpp"
#include "session/handler_slot.hpp"
#include "session/session_memory.hpp"
#include "session/start_queue.hpp"
#include "session/user_history.hpp"

#include <backdoor/listener.hpp>
#include <backdoor/locals.hpp>
#include <backdoor/options.hpp>

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace backdoor {

class io_thread;
class session;

/// The sessions of one server, from the first to the end of the last console.
/// Thread safety: members are called on the IO thread where nothing else is said.
class session_group : public std::enable_shared_from_this<session_group> {
public:
    /// `address` is the server's; empty where its one client was accepted elsewhere. Throws error
    /// where the audit log is required and cannot be written.
    session_group(io_thread& io, locals names, options choices, std::string address);

    const options& choices() const { return choices_; }
    const std::shared_ptr<start_queue>& starts() const { return starts_; }
    io_thread& io() { return *io_; }
    /// From any thread. Never waits for who reads standard output; what the host's function throws is
    /// of no concern to us.
    void log(std::string_view line) const noexcept;
    /// The same for what has to be said where the host's function may have been called, and not
    /// returned: then to standard output.
    void log_unless_it_hangs(std::string_view line) const noexcept;

    /// Writes to the audit log, and tells Python's hooks. Empty; or why the event must not happen.
    std::string note(const audit_trail& trail, audit_event::kind what, std::string_view text = {});

    /// A client with a wrong token may be made to wait: not more than some at a time, or they could
    /// take all the connections there are. end_delay() when it has.
    bool may_delay();
    void end_delay() { --delayed_; }

    /// Gives a client a console, or tells it why not. Where there is a front it first shows who it
    /// is.
    void admit(connection client) noexcept;
    void admit(unique_fd client) noexcept;
    /// The same where that is known. Null where it was turned away.
    std::shared_ptr<session> admit(connection client, const visitor& who) noexcept;
    /// Records that a client is turned away.
    void refuse(const audit_trail& trail, const std::string& reason);
    /// The same for one that has no session, and will have none.
    void refuse(const std::string& peer, const visitor& who, const std::string& reason);
    /// A client has shown who it is, and may come to have sessions. Why not, where that cannot be
    /// recorded (options.audit_required).
    std::string welcome(const std::string& peer, const visitor& who);

    void remove(const std::shared_ptr<session>& gone) noexcept;
    /// The front, too, has no client any more.
    void front_emptied() noexcept;
    bool empty() const { return sessions_.empty() && (!front_ || front_->empty()); }
    /// f(session&); it may close them.
    template <class F>
    void for_each(F f) {
        const std::vector all(sessions_.begin(), sessions_.end());
        for (const auto& one : all) {
            f(*one);
        }
    }
    /// Called when the last client is gone.
    void on_empty(std::function<void()> callback) { on_empty_ = std::move(callback); }

    /// What this user typed at terminals.
    user_history& history(const std::string& user);

    /// The banner and first prompt. Loads the engine. Throws error.
    const std::string& opening();
    /// Starts the interpreter of one client. Throws.
    std::shared_ptr<console> open_console(std::shared_ptr<channel> io,
                                          const std::shared_ptr<session>& client);

    /// Closes every session; admits none from now on.
    void close() noexcept;
    /// From any thread: waits for the consoles to end, at most that long. False where some did not.
    bool wait_for_consoles(std::chrono::milliseconds limit);
    /// From any thread: from now on nothing is posted to the IO thread.
    void detach();

private:
    std::string reason_to_refuse(const visitor& who) const;
    std::shared_ptr<audit_trail> make_trail(const std::string& peer, const visitor& who) const;
    void watch_limits();
    void wait_to_check_limits();
    void console_finished(const std::weak_ptr<session>& client, int status);

    const options choices_;
    const locals names_;
    const sigset_t signal_mask_;
    const guest_list guests_;
    const std::shared_ptr<audit_log> audit_;
    const std::shared_ptr<start_queue> starts_ = std::make_shared<start_queue>();
    const std::unique_ptr<front> front_;  // none: the kernel tells who its clients are
    std::string opening_;
    std::shared_ptr<namespace_source> name_source_;
    std::pmr::unordered_set<std::shared_ptr<session>> sessions_{&session_memory::get()};
    std::map<std::string, std::size_t> per_origin_;
    std::unique_ptr<boost::asio::steady_timer> limits_timer_;  // while there are sessions
    wait_slot limits_slot_;
    std::chrono::milliseconds limits_interval_{};
    std::function<void()> on_empty_;
    std::size_t delayed_ = 0;
    bool closed_ = false;

    mutable std::atomic<int> logging_{0};
    mutable std::mutex mutex_;  // what consoles' threads touch
    std::condition_variable console_ended_;
    io_thread* io_;
    std::size_t consoles_ = 0;
};

}  // namespace backdoor
