#include "console/attendant.hpp"

#include "console/interpreter.hpp"
#include "console/ref.hpp"
#include "session/forked.hpp"
#include "session/threads.hpp"

#include <backdoor/error.hpp>

#include <cxxabi.h>
#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <iterator>
#include <new>
#include <utility>

namespace backdoor {

namespace {

// When a task is run again for which there was no memory.
constexpr std::chrono::milliseconds retry_delay{100};

bool python_is_there() { return Py_IsInitialized() != 0 && !compat::is_finalizing(); }

/// False where it is to be run again.
bool run(const std::function<void()>& task) {
    try {
        task();
    } catch (const abi::__forced_unwind&) {
        throw;  // pthread_exit() by CPython, while it finalizes
    } catch (const std::bad_alloc&) {
        return false;
    } catch (const python_error&) {
        PyErr_Clear();
    } catch (...) {
        // Its console's own matter, which has not been done.
    }
    return true;
}

}  // namespace

/// Never destroyed: its thread may outlive the end of main(). A forked child gets one of its own:
/// there the parent's has no thread, and perhaps a lock that nobody will let go of.
template <attendant::role what>
attendant& attendant::only() {
    static std::atomic<attendant*> one = [] {
        pthread_atfork(nullptr, nullptr, [] { one = new attendant{what}; });
        return new attendant{what};
    }();
    return *one;
}

attendant& attendant::get() { return only<role::ours>(); }
attendant& attendant::for_functions_of_the_host() { return only<role::hosts>(); }

attendant::attendant(role what) : role_{what} {
    // release() is called where no memory may be had.
    constexpr std::size_t at_a_time = 64;
    to_release_.reserve(at_a_time);
    outlived_python_.reserve(at_a_time);
}

void attendant::start_python() {
    std::unique_lock guard{mutex_};
    if (running_ && python_runs_ && Py_IsInitialized() == 0) {
        throw error{"backdoor: Python has ended in this process"};
    }
    start_thread_once(Py_IsInitialized() == 0);
    changed_.wait(guard, [&] { return python_runs_ || !failure_.empty(); });
    if (!failure_.empty()) {
        throw error{"backdoor: cannot start Python: " + failure_};
    }
}

void attendant::start_beside_python() {
    const std::lock_guard guard{mutex_};
    if (Py_IsInitialized() != 0 && !compat::is_finalizing()) {
        start_thread_once(false);
    }
}

void attendant::start_thread_once(bool starts_python) {
    if (running_) {
        return;
    }
    python_runs_ = !starts_python;
    start_thread(role_ == role::ours ? "backdoor-python" : "backdoor-hooks", all_signals(),
                 [this, starts_python] { run(starts_python); });
    running_ = true;
}

/// Python says that it is initialized before it is so to the end.
void attendant::wait_for_start_of_python() {
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [&] { return !running_ || python_runs_ || !failure_.empty(); });
}

void attendant::run(bool starts_python) {
    if (role_ == role::hosts) {
        get().wait_for_start_of_python();
    }
    if (starts_python) {
        auto failure = start_interpreter();
        const std::lock_guard guard{mutex_};
        failure_ = std::move(failure);
        python_runs_ = failure_.empty();
        changed_.notify_all();
        if (!python_runs_) {
            return;
        }
    }
    serve();
}

void attendant::post(std::function<void()> task, clock::duration delay) {
    auto one = prepare(std::move(task));
    post(one, delay);
}

void attendant::post(prepared& task, clock::duration delay) noexcept {
    const std::lock_guard guard{mutex_};
    const auto* const posted = task.empty() ? nullptr : &task.front();
    insert(std::move(task), delay);
    if (posted != nullptr && posted == &tasks_.front()) {
        changed_.notify_all();  // else it wakes before that one is due
    }
}

void attendant::insert(prepared task, clock::duration delay) noexcept {
    if (!task.empty()) {
        const auto due = clock::now() + delay;
        task.front().due = due;
        // From behind, where most belong: there may be many.
        auto place = tasks_.end();
        while (place != tasks_.begin() && std::prev(place)->due > due) {
            --place;
        }
        tasks_.splice(place, task);
    }
}

void attendant::release(std::shared_ptr<void> held) noexcept {
    const bool python_is_over = !python_is_there();
    if (!python_is_over && PyGILState_Check() != 0) {
        return;  // here and now
    }
    const std::lock_guard guard{mutex_};
    try {
        (python_is_over ? outlived_python_ : to_release_).push_back(std::move(held));
    } catch (const std::bad_alloc&) {
        // Without memory for either, and without the GIL: it stays.
        alignas(std::shared_ptr<void>) std::byte for_ever[sizeof(std::shared_ptr<void>)];
        new (for_ever) std::shared_ptr<void>{std::move(held)};
    }
    changed_.notify_all();
}

bool attendant::can_work() const { return !resting_ && python_is_there(); }

/// Runs f with the GIL, and without the lock.
template <class F>
void attendant::work(std::unique_lock<std::mutex>& guard, F f) {
    working_ = true;
    guard.unlock();
    {
        const gil_held gil;
        staying_where_python_ends(f);
    }
    guard.lock();
    working_ = false;
    changed_.notify_all();
}

void attendant::serve() {
    std::unique_lock guard{mutex_};
    for (;;) {
        if (!to_release_.empty() && can_work()) {
            auto held = std::move(to_release_.back());
            to_release_.pop_back();
            work(guard, [&] { held.reset(); });
        } else if (tasks_.empty()) {
            changed_.wait(guard);
        } else if (const auto due = tasks_.front().due; due > clock::now()) {
            changed_.wait_until(guard, due);
        } else {
            prepared one;
            one.splice(one.begin(), tasks_, tasks_.begin());
            if (!can_work()) {
                outlived_tasks_.splice(outlived_tasks_.end(), one);
                continue;
            }
            work(guard, [&] {
                if (::backdoor::run(one.front().task)) {
                    one.clear();
                }
            });
            insert(std::move(one), retry_delay);
        }
    }
}

void attendant::rest(clock::duration limit) noexcept {
    std::unique_lock guard{mutex_};
    if (running_ && !in_forked_child()) {
        resting_ = true;
        changed_.wait_for(guard, limit, [this] { return !working_; });
    }
}

void attendant::rest_no_more() noexcept {
    const std::lock_guard guard{mutex_};
    resting_ = false;
    changed_.notify_all();
}

}  // namespace backdoor
