// What a console has running on an asyncio loop.
#pragma once

#include "console/main_thread_signal.hpp"
#include "console/ref.hpp"
#include "console/turn_limits.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace backdoor {

/// A coroutine, step by step, or a function, once. asyncio sees a coroutine that always succeeds:
/// what it raises is for the console alone, and would end the loop if it were SystemExit. Guarded
/// by the GIL.
class loop_call : public std::enable_shared_from_this<loop_call> {
public:
    using function = std::function<ref()>;

    /// `coroutine` is a coroutine object.
    static std::shared_ptr<loop_call> of_coroutine(ref coroutine);
    /// Called on the loop; null where it has set an exception.
    static std::shared_ptr<loop_call> of_function(function f);

    /// On the host's loop, from another thread, which waits; no step takes longer than the budget
    /// without being interrupted: on Python's main thread also in a call that blocks. Null where an
    /// exception is set: TimeoutError where the loop did not begin in time, KeyboardInterrupt after
    /// interrupt(), or its own.
    ref run_on(const ref& loop, turn_limits limits);
    /// On a loop of the calling thread's own.
    ref run_here(const ref& loop);

    /// Cancels what is awaited, or where it minds no cancelling, waits for it no more. False where
    /// neither helps: it runs on the thread that waits for it, and that is to be interrupted.
    bool interrupt();

    /// It has held the loop for longer than the budget, and perhaps goes on.
    bool overrun() const { return overrun_; }

    // Of the object that asyncio sees (make_coroutine()).
    PyObject* step(const char* method, PyObject* arguments);
    void begin(PyObject* self);
    const ref& coroutine() const { return coroutine_; }

private:
    enum class state { asked, runs, ended, given_up };
    using clock = std::chrono::steady_clock;

    ref make_step(const function& go);
    void end(ref result);
    void wait();
    ref take_result();
    void change(state next);
    void give_up(ref exception);
    bool cancel();
    void watch(clock::duration delay);
    void look();
    void raise_in_step(PyObject* type);
    main_thread_signal::outcome on_signal();

    ref coroutine_;
    function function_;
    ref loop_;
    ref task_;
    turn_limits limits_{};
    bool own_loop_ = false;

    ref result_;
    ref exception_;
    int interrupts_ = 0;

    // The step that runs.
    bool in_step_ = false;
    bool raised_ = false;  // in it; not met yet, perhaps
    bool due_ = false;     // the same, of what a signal brings
    bool watched_ = false;
    bool overrun_ = false;
    unsigned long thread_ = 0;
    clock::time_point step_began_;
    std::unique_ptr<main_thread_signal> signal_;  // where the loop runs on Python's main thread

    // Changed with the GIL and the mutex.
    state state_ = state::asked;
    std::mutex mutex_;
    std::condition_variable changed_;
};

}  // namespace backdoor
