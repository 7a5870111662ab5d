#include "session/errand.hpp"

#include "session/io_thread.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace backdoor {

errand::errand(std::function<void()> work) : work_{std::move(work)} {}

bool errand::run(io_thread& io, std::chrono::milliseconds limit) {
    boost::asio::post(io.context(),
                      slot_handler{slot_, [self = shared_from_this()] { self->work(); }});
    std::unique_lock guard{mutex_};
    if (!ran_.wait_for(guard, limit, [this] { return done_; })) {
        return false;
    }
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    return true;
}

void errand::work() noexcept {
    try {
        // What it holds goes on this thread, and before anybody is told.
        if (const auto work = std::exchange(work_, {})) {
            work();
        }
    } catch (...) {
        failure_ = std::current_exception();
    }
    const std::lock_guard guard{mutex_};
    done_ = true;
    ran_.notify_one();
}

}  // namespace backdoor
