// Interrupting what Python's main thread runs.
#pragma once

#include <functional>

namespace backdoor {

/// A signal of our own, private to this process, that is handled on Python's main thread: between two
/// of its bytecodes, or within a blocking call, which it breaks off. An exception for that thread by
/// PyThreadState_SetAsyncExc() would do neither in time, and hit whatever runs there by then.
///
/// While one exists the signal has a handler: the first real-time signal, from the last one down,
/// that nobody uses. Members are called with the GIL.
class main_thread_signal {
public:
    /// Looks whether what runs is what is meant; then sets a Python exception, which is raised there,
    /// and returns true.
    using handler = std::function<bool()>;

    /// On Python's main thread; elsewhere, or where no signal is free, is_installed() is false.
    explicit main_thread_signal(handler on_signal);
    main_thread_signal(const main_thread_signal&) = delete;
    main_thread_signal& operator=(const main_thread_signal&) = delete;
    /// On Python's main thread, where it is installed.
    ~main_thread_signal();

    bool is_installed() const { return installed_; }

    /// From any thread: has all handlers called, soon. Does nothing where it is not installed.
    void send() const;

private:
    handler on_signal_;
    bool installed_ = false;
};

}  // namespace backdoor
