// How this library starts threads: always with an explicit signal mask.
#pragma once

#include <backdoor/export.hpp>

#include <pthread.h>

#include <csignal>
#include <functional>

namespace backdoor {

/// The calling thread's signal mask.
BACKDOOR_API sigset_t current_signal_mask();

/// A mask that leaves every signal to other threads, as ours do that run no user's code.
BACKDOOR_API sigset_t all_signals();

/// Starts a thread that nobody joins, with that mask from its first instruction on, a name of at
/// most 15 letters and a stack on which Python's default recursion limit fits, whatever the
/// system's default. An exception that leaves the body ends the process.
/// Throws std::system_error where no thread can be had.
BACKDOOR_API void start_thread(const char* name, const sigset_t& mask, std::function<void()> body);

/// The same, but with an owner, who waits for its end.
class joined_thread {
public:
    joined_thread(const char* name, const sigset_t& mask, std::function<void()> body);
    joined_thread(const joined_thread&) = delete;
    joined_thread& operator=(const joined_thread&) = delete;
    ~joined_thread();

private:
    pthread_t thread_;
};

}  // namespace backdoor
