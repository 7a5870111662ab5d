// Consoles on greenlets: the door between our threads and a hub of eventlet's or gevent's.
#pragma once

#include "console/main_thread_signal.hpp"
#include "console/ref.hpp"
#include "console/runner.hpp"
#include "session/channel.hpp"
#include "session/forked.hpp"

#include <backdoor/listener.hpp>

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace backdoor {

/// What a hub's own library lends us: Python callables, but for the last two.
struct hub_calls {
    ref current;   ///< the greenlet that runs
    ref wait;      ///< lets the hub run, until the calling greenlet is switched to
    ref watch;     ///< watch(fd, f): the hub calls f while fd is readable; returns what ends that
    ref greenlet;  ///< the hub's own, which must never wait
    ref exit;      ///< greenlet.GreenletExit
};

/// A hub waits for its descriptor to be readable, and then calls attend() on its own greenlet; so
/// it learns what our other threads have for it. Nothing else touches the hub from another thread.
///
/// Thread safety: members are called on the hub's thread, with the GIL, where nothing else is said.
class hub final : public std::enable_shared_from_this<hub> {
public:
    using clock = std::chrono::steady_clock;

    /// Of the calling thread. Throws std::system_error where no descriptor can be had.
    static std::shared_ptr<hub> make(hub_calls calls);
    /// The calling thread's, or null.
    static std::shared_ptr<hub> of_this_thread();

    hub(const hub&) = delete;
    hub& operator=(const hub&) = delete;

    int descriptor() const { return bell_.get(); }

    /// On the hub's greenlet: wakes who is to be woken, does what was posted. False where nobody
    /// needs the hub any more. Throws python_error with what ends the process.
    bool attend();

    /// From any thread, with or without the GIL: has attend() run a task. What the task throws is
    /// reported.
    void post(std::function<void()> task);
    /// One greenlet that waits, and may be woken from any thread.
    class sleeper final : public waker, public std::enable_shared_from_this<sleeper> {
    public:
        explicit sleeper(std::weak_ptr<hub> loop) : loop_{std::move(loop)} {}
        void wake() override;
        bool watch(int socket) override;
        void unwatch() override { eye_.reset(); }

    private:
        friend class hub;
        const std::weak_ptr<hub> loop_;
        parents_fd eye_;  // a copy of the socket: its number is ours alone, whatever becomes of the client
    };
    std::shared_ptr<sleeper> make_sleeper();
    /// The calling greenlet lets others run until the sleeper is woken, or it is switched to for
    /// another reason; not at all where the sleeper's socket cannot be watched. Throws python_error
    /// with what is thrown into it, and in the hub's own greenlet.
    void wait(const std::shared_ptr<sleeper>& until);
    /// The calling greenlet lets the others run once. Throws python_error with what is thrown into it.
    void pause();
    /// Runs a task that blocks on a thread of its own, without the GIL, while the calling greenlet
    /// waits for its end. Throws python_error as wait(): then the task is left to itself.
    void wait_for(std::function<void()> task);
    bool may_wait() const;

    ref current() const;
    /// That greenlet runs, or one that it is an ancestor of.
    bool is_current(const ref& greenlet) const;
    /// The Python exception that is set ends the greenlet it was thrown into.
    bool is_exit() const;

    /// Breaks off the command that a console's greenlet runs: where it is switched out, by an
    /// exception thrown into it; where it keeps the hub from running, by a signal. `wake` is tried
    /// before: true where the console waits for its client, and has been woken. From any thread,
    /// with the GIL.
    void interrupt(const std::shared_ptr<runner>& who, std::function<bool()> wake);

    /// A command begins, or ends. One that keeps the hub from running for longer than `stall_limit`
    /// is interrupted; where `time_slice` is not zero it is made to let the hub run so often.
    /// Throws std::system_error where there is no timer for that.
    void command_begins(std::shared_ptr<runner> who, std::chrono::milliseconds stall_limit,
                        std::chrono::milliseconds time_slice);
    void command_ends(const runner& who);

    /// The calling greenlet is not cut short, until it has ended as many turns as it began.
    void begin_turn() { turns_.push_back(current()); }
    void end_turn();

    /// What keeps the hub can be interrupted, or cut short.
    bool has_signal() const { return signal_ && signal_->is_installed(); }
    /// Has the signal no more: the last call.
    void close() { signal_.reset(); }

private:
    friend class hub_lease;

    /// A command that runs, and how long it may keep the hub.
    struct command {
        std::shared_ptr<runner> who;
        std::chrono::milliseconds stall_limit;
        std::chrono::milliseconds time_slice;
    };

    explicit hub(hub_calls calls);

    void ring();
    void wake(std::shared_ptr<sleeper> who);
    void resume(const sleeper* who);
    void attend_to_socket(const sleeper* who);
    ref watch_socket(const sleeper& who);
    void wait_watching(const ref& unwatch);
    void insist(std::shared_ptr<runner> who, unsigned long number);
    static bool descends(ref greenlet, const ref& ancestor);
    main_thread_signal::outcome on_signal();
    void begin_slice(clock::duration length);
    bool has_sliced_command() const;
    void look_for_slices();
    bool has_turn() const;
    void end_slice();
    void run_in_the_middle();
    void resume_next();
    void watch_for_stalls();
    void check_for_stall();
    bool is_stalled_by(const command& suspect);

    const hub_calls calls_;
    const pid_t process_;
    const unique_fd bell_;
    std::atomic<int> leases_{0};
    std::atomic<clock::rep> rung_{0};  // when attend() was asked for; 0: it is not

    std::mutex mutex_;  // of the two below
    std::vector<std::function<void()>> tasks_;
    std::vector<std::shared_ptr<sleeper>> woken_;

    // Guarded by the GIL.
    std::map<const sleeper*, ref> asleep_;  // the greenlets that wait
    std::vector<command> commands_;
    bool watching_ = false;
    const runner* suspect_ = nullptr;  // it runs whenever we look, and attend() does not
    clock::time_point suspected_since_;
    std::deque<ref> cut_short_;  // commands that wait for their next slice
    clock::time_point slice_ends_;
    std::vector<ref> turns_;  // the greenlets that have begun them
    std::unique_ptr<main_thread_signal> signal_;
};

/// The use of a hub by a server or a console: as long as one exists, attend() says that the hub is
/// needed. Thread safety: all members, with or without the GIL.
class hub_lease {
public:
    /// `start` is a Python callable: start(f) calls f in a greenlet of its own, at once. With the
    /// GIL.
    hub_lease(std::shared_ptr<hub> loop, ref start);
    hub_lease(const hub_lease&) = delete;
    hub_lease& operator=(const hub_lease&) = delete;
    ~hub_lease();

    hub* operator->() const { return loop_.get(); }

    /// Starts a greenlet, soon; its body may wait.
    void spawn(std::function<void()> body) const;

private:
    const std::shared_ptr<hub> loop_;
    const std::shared_ptr<ref> start_;
};

}  // namespace backdoor
