// Calls of a Python function that wait for each other.
#pragma once

#include "console/hub.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace backdoor {

/// Like a mutex, but a greenlet that waits for it lets its hub run: who has it may be another of
/// the same thread. All members with the GIL.
class one_at_a_time {
public:
    /// Throws python_error with what is thrown into a greenlet that waits.
    void enter();
    bool try_enter();
    /// On any thread.
    void leave();

private:
    void wait();

    bool taken_ = false;
    std::vector<std::shared_ptr<hub::sleeper>> asleep_;
    std::mutex mutex_;  // of changes to taken_, for threads that wait without the GIL
    std::condition_variable changed_;
};

}  // namespace backdoor
