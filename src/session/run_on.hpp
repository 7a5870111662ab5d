// Waiting for the IO thread to do something.
#pragma once

#include "session/handler_slot.hpp"
#include "session/io_thread.hpp"

#include <boost/asio/post.hpp>

#include <condition_variable>
#include <exception>
#include <mutex>

namespace backdoor {

/// Runs f on the IO thread and waits for it; throws what f throws. Needs no memory, since stopping
/// must always be possible. Not from the IO thread itself.
template <class F>
void run_on(io_thread& io, F f) {
    struct {
        std::mutex mutex;
        std::condition_variable ran;
        bool done = false;
        std::exception_ptr failure;
        post_slot slot;
    } call;
    const auto run = [&] {
        try {
            f();
        } catch (...) {
            call.failure = std::current_exception();
        }
        // Under the lock: once it is let go of there may be no `call` any more.
        const std::lock_guard guard{call.mutex};
        call.done = true;
        call.ran.notify_one();
    };
    boost::asio::post(io.context(), slot_handler{call.slot, run});
    std::unique_lock guard{call.mutex};
    call.ran.wait(guard, [&] { return call.done; });
    if (call.failure) {
        std::rethrow_exception(call.failure);
    }
}

}  // namespace backdoor
