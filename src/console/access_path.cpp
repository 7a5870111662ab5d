#include "console/conversions.hpp"
#include "console/turn.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>

namespace backdoor {

namespace {

/// One call on its way through the host's loop. Shared: either side may be gone first.
struct errand {
    std::mutex mutex;
    std::condition_variable changed;
    enum { asked, given_up, begun, done } state = asked;
    value result;
    std::exception_ptr failure;

    void run(const std::function<value()>& f) {
        {
            const std::lock_guard guard{mutex};
            if (state == given_up) {
                return;
            }
            state = begun;
        }
        try {
            result = f();
        } catch (...) {
            failure = std::current_exception();
        }
        const std::lock_guard guard{mutex};
        state = done;
        changed.notify_all();
    }

    bool wait(std::chrono::milliseconds limit) {
        std::unique_lock guard{mutex};
        if (changed.wait_for(guard, limit, [this] { return state == done; })) {
            return true;
        }
        if (state == asked) {
            state = given_up;
        }
        return false;
    }
};

}  // namespace

value access_path::call(const std::function<value()>& f) const {
    if (!loop || holds_turn()) {
        const gil_released calling;
        return f();
    }
    const auto one = std::make_shared<errand>();
    bool answered = false;
    {
        const gil_released waiting;
        loop.post([one, f] { one->run(f); });
        answered = one->wait(wait);
    }
    if (!answered) {
        PyErr_Format(PyExc_TimeoutError,
                     "the host's loop did not answer within %lld ms (options.turn_wait)",
                     static_cast<long long>(wait.count()));
        throw python_error{};
    }
    if (one->failure) {
        std::rethrow_exception(one->failure);
    }
    return std::move(one->result);
}

}  // namespace backdoor
