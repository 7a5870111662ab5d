// What a thread does, as the kernel sees it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <ctime>

namespace backdoor {

/// Of the thread that it was made on, for others to ask as long as that lives.
class thread_activity {
public:
    thread_activity();

    std::chrono::nanoseconds processor_time() const;
    /// Neither on a processor nor in want of one. True where the kernel does not say.
    bool sleeps() const;

private:
    pid_t number_;
    clockid_t clock_{};
};

}  // namespace backdoor
