#include "session/lone_session.hpp"

#include "console/engine.hpp"
#include "session/best_effort.hpp"
#include "session/errand.hpp"
#include "session/handler_slot.hpp"
#include "session/io_thread.hpp"
#include "session/session_group.hpp"

#include <backdoor/error.hpp>

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace backdoor {

namespace {

// When a thread is asked for again that could not be had.
constexpr std::chrono::milliseconds retry_delay{100};

/// Held by whoever may still need the IO thread: the session, until it is gone.
struct lone {
    std::shared_ptr<io_thread> io;
    std::shared_ptr<session_group> group;
    std::function<void()> gone;
    // Through it who finds the thread gone sees what was done on it: its log function's effects.
    std::shared_ptr<std::mutex> ending = std::make_shared<std::mutex>();
    std::optional<boost::asio::steady_timer> retry;
    wait_slot slot;
};

void end(const std::shared_ptr<lone>& one) {
    one->retry.reset();
    { const std::lock_guard done{*one->ending}; }
    one->group->detach();
    one->group.reset();
    one->io.reset();
    if (one->gone) {
        best_effort([&] { one->gone(); });
    }
}

/// On a thread of its own, since the IO thread cannot wait for its own end. Where none can be had, it is
/// tried again.
void let_go(std::shared_ptr<lone> one) {
    try {
        std::thread{[one] { end(one); }}.detach();
    } catch (const std::exception&) {
        one->retry.emplace(one->io->context(), retry_delay);
        one->retry->async_wait(
            slot_handler{one->slot, [one](const boost::system::error_code& cancelled) {
                             if (!cancelled) {
                                 let_go(one);
                             }
                         }});
    }
}

}  // namespace

std::function<void()> start_lone_session(connection client, locals names, options choices,
                                         std::function<void()> gone) {
    check_engine();
    const auto one = std::make_shared<lone>();
    one->io = io_thread::get();
    one->group = std::make_shared<session_group>(*one->io, std::move(names), std::move(choices),
                                                 std::string{});
    one->gone = std::move(gone);
    const auto closing = std::make_shared<errand>([group = std::weak_ptr{one->group}] {
        if (const auto open = group.lock()) {
            open->close();
        }
    });
    std::function<void()> close = [thread = std::weak_ptr{one->io}, closing, ending = one->ending] {
        if (const auto running = thread.lock()) {
            (void)closing->run(*running);
        } else {
            const std::lock_guard done{*ending};
        }
    };
    std::function<void()> when_empty = [one] { let_go(one); };
    const auto starting = std::make_shared<errand>(
        [one, when_empty = std::move(when_empty),
         socket = std::make_shared<connection>(std::move(client))]() mutable {
            one->group->admit(std::move(*socket));
            if (one->group->empty()) {
                when_empty();  // turned away
            } else {
                one->group->on_empty(std::move(when_empty));  // a copy might fail
            }
        });
    if (!starting->run(*one->io)) {
        io_thread::leave_behind(one->io);
        throw error{"backdoor: the IO thread does not answer: a log or audit function has not returned"};
    }
    return close;
}

}  // namespace backdoor
