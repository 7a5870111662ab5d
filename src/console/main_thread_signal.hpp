// Interrupting what Python's main thread runs.
#pragma once

#include <chrono>
#include <csignal>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>

namespace backdoor {

/// A signal of our own, private to this process, that is handled on Python's main thread: between
/// two of its bytecodes, or within a blocking call, which it breaks off. An exception for that
/// thread by PyThreadState_SetAsyncExc() would do neither in time, and hit whatever runs there by
/// then.
///
/// While one exists the signal has a handler: the first real-time signal, from the last one down,
/// that nobody uses. Members are called with the GIL.
class main_thread_signal {
public:
    enum class outcome {
        not_meant,  ///< something else runs
        handled,
        raised,  ///< a Python exception is set, to be raised in what runs
    };
    /// Looks whether what runs is what is meant. It may let another greenlet run.
    using handler = std::function<outcome()>;

    /// On Python's main thread; elsewhere, or where no signal is free, is_installed() is false.
    explicit main_thread_signal(handler on_signal);
    main_thread_signal(const main_thread_signal&) = delete;
    main_thread_signal& operator=(const main_thread_signal&) = delete;
    /// On Python's main thread, where it is installed.
    ~main_thread_signal();

    bool is_installed() const { return installed_; }

    /// From any thread: has all handlers called, soon. Does nothing where it is not installed.
    void send() const;
    /// The same in that time, unless there is another such call before; zero: not at all. It takes
    /// no thread. Throws std::system_error where the system lends no timer.
    void send_in(std::chrono::nanoseconds delay);

private:
    const std::shared_ptr<const handler> on_signal_;
    std::optional<timer_t> timer_;
    bool installed_ = false;
};

}  // namespace backdoor
