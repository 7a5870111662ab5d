#include "session/io_thread.hpp"

#include "session/best_effort.hpp"
#include "session/errand.hpp"
#include "session/forked.hpp"
#include "session/session.hpp"
#include "session/standard_output.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <ctime>
#include <exception>
#include <mutex>
#include <string>

namespace backdoor {

namespace {

// Output of a command that goes on is shown at least this often.
constexpr std::chrono::milliseconds flush_interval{10};
// How often a standard output that is full is tried again.
constexpr std::chrono::milliseconds log_interval{50};

// Where the host has closed Asio's descriptors its loop does not wait any more, but turns for ever. A wait
// without a handler that takes so much of a processor is none; one as long as this is the last before it
// waits for good, so that who sleeps is not woken.
constexpr std::chrono::seconds looked_after_wait{1};
constexpr std::chrono::milliseconds most_time_to_wait{50};

std::mutex current_mutex;
std::weak_ptr<io_thread> current;

/// Of a processor, that this thread has used.
std::chrono::nanoseconds processor_time() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

}  // namespace

std::shared_ptr<io_thread> io_thread::running() {
    if (in_forked_child()) {
        return nullptr;
    }
    const std::lock_guard guard{current_mutex};
    return current.lock();
}

std::shared_ptr<io_thread> io_thread::get() {
    const std::lock_guard guard{current_mutex};
    auto thread = current.lock();
    if (thread && in_forked_child()) {
        // The parent's, of which only the memory is here: kept as it is, since its end waits for
        // a thread that is not.
        new std::shared_ptr{std::move(thread)};
        thread = nullptr;
    }
    if (!thread) {
        this_process_has_consoles();
        thread = std::shared_ptr<io_thread>{new io_thread, let_go};
        current = thread;
    }
    return thread;
}

void io_thread::leave_behind(const std::shared_ptr<io_thread>& stuck) noexcept {
    const std::lock_guard guard{current_mutex};
    stuck->left_behind_ = stuck;
    if (!current.owner_before(stuck) && !stuck.owner_before(current)) {
        current.reset();
    }
}

void io_thread::let_go(io_thread* last) {
    if (last->end()) {
        delete last;
    }
}

io_thread::io_thread()
    : work_{context_.get_executor()},
      sockets_{context_},
      flush_timer_{context_},
      log_timer_{context_},
      thread_{"backdoor-io", all_signals(), [this] { run(); }} {}

bool io_thread::end() {
    work_.reset();
    context_.stop();
    std::unique_lock guard{ending_};
    return ended_.wait_for(guard, io_patience, [this] { return has_ended_; });
}

void io_thread::run() noexcept {
    serve();
    const std::lock_guard guard{ending_};
    has_ended_ = true;
    ended_.notify_all();
}

/// A session's handlers end their own session where they fail, and others leave nothing undone: what
/// comes out here has cost what it was about, and no more.
void io_thread::serve() {
    const auto report = [this](const char* what) {
        for (const auto* const group : groups_) {
            group->log(std::string{"backdoor: something was left undone: "} + what);
        }
    };
    while (!context_.stopped()) {
        try {
            const auto before = processor_time();
            if (context_.run_for(looked_after_wait) > 0) {
                continue;
            }
            if (processor_time() - before > most_time_to_wait) {
                lose_descriptors();
                return;
            }
            context_.run_one();
        } catch (const std::exception& failure) {
            best_effort([&] { report(failure.what()); });
        } catch (...) {
            best_effort([&] { report("an exception that is no std::exception"); });
        }
    }
}

/// What was in their numbers may be the host's by now: nothing is closed, or sent.
void io_thread::lose_descriptors() {
    if (const auto self = running(); self.get() == this) {
        leave_behind(self);
    }
    has_lost_descriptors_ = true;
    for (const auto* const group : listening_) {
        group->log("backdoor: the process has closed descriptors that are not its own; the server is over, and "
                   "its clients are gone");
    }
    const auto groups = groups_;  // a group leaves with its last session
    for (auto* const group : groups) {
        group->for_each([](session& one) { one.close_without_socket(); });
    }
}

void io_thread::attend(std::shared_ptr<session> busy) {
    busy_.insert(std::move(busy));
    if (!flush_pending_) {
        flush_soon();
    }
}

void io_thread::flush_soon() {
    flush_timer_.expires_after(flush_interval);
    flush_timer_.async_wait(
        slot_handler{flush_slot_, [this](const boost::system::error_code& failure) {
                         flush_pending_ = false;
                         if (failure) {
                             return;
                         }
                         std::erase_if(busy_, [](const auto& one) { return !one->flush(); });
                         if (!busy_.empty()) {
                             flush_soon();
                         }
                     }});
    flush_pending_ = true;
}

void io_thread::attend_to_standard_output() noexcept {
    if (!log_pending_.exchange(true)) {
        best_effort([this] { boost::asio::post(context_, [this] { flush_log_soon(); }); });
    }
}

void io_thread::flush_log_soon() {
    log_timer_.expires_after(log_interval);
    log_timer_.async_wait([this](const boost::system::error_code& failure) {
        if (failure) {
            return;
        }
        log_pending_ = false;
        if (!standard_output::get().flush()) {
            attend_to_standard_output();
        }
    });
}

}  // namespace backdoor
