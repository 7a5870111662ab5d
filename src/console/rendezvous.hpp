// Two threads meet: the host's loop holds still while a console works. No Python.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace backdoor {

/// One turn. The console's thread asks for it and ends it; the host's loop grants it, and waits for
/// the end, but not for longer than the budget. Thread safety: as said at each member.
class rendezvous {
public:
    using duration = std::chrono::milliseconds;

    /// On the host's loop. Returns at once where the console has given up; else when the console
    /// has ended the turn, or overrun it: then calls on_overrun first.
    void grant(duration budget, const std::function<void()>& on_overrun);

    /// On the console's thread: waits for grant(). False where it did not come in time; it then
    /// does nothing when it comes.
    bool wait_for_grant(duration limit);

    /// On the console's thread. True where the turn was kept within its budget.
    bool end();

    /// From any thread: the loop has gone on without us.
    bool overrun() const;
    /// From any thread.
    bool ended() const;

private:
    enum class state { asked, given_up, granted, overrun, ended };

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    state state_ = state::asked;
    bool kept_ = true;
};

}  // namespace backdoor
