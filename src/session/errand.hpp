// Having the IO thread do something, and waiting for it.
#pragma once

#include "session/handler_slot.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>

namespace backdoor {

class io_thread;

/// How long the IO thread may take for anything. It waits for nobody; so it has been stopped by
/// something that is not ours to prevent: a log function of the host's that does not return, or a
/// host that has closed all descriptors, which leaves it in a system call that nobody can end.
inline constexpr std::chrono::milliseconds io_patience{2000};

/// Has its memory before it is run, since stopping must always be possible.
class errand : public std::enable_shared_from_this<errand> {
public:
    /// The work may be done late, when nobody waits any more: it refers to nothing that may be gone
    /// by then.
    explicit errand(std::function<void()> work);

    /// Once, not from the IO thread. False where the work has not been done in time: it may still
    /// be. Throws what the work throws.
    bool run(io_thread& io, std::chrono::milliseconds limit = io_patience);

private:
    void work() noexcept;

    std::function<void()> work_;
    std::mutex mutex_;
    std::condition_variable ran_;
    bool done_ = false;
    std::exception_ptr failure_;
    post_slot slot_;
};

}  // namespace backdoor
