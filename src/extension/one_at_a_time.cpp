#include "extension/one_at_a_time.hpp"

#include <utility>

namespace backdoor {

void one_at_a_time::enter() {
    while (!try_enter()) {
        wait();
    }
}

bool one_at_a_time::try_enter() {
    const std::lock_guard guard{mutex_};
    return !std::exchange(taken_, true);
}

void one_at_a_time::wait() {
    if (const auto loop = hub::of_this_thread()) {
        const auto me = loop->make_sleeper();
        asleep_.push_back(me);
        loop->wait(me);
        return;
    }
    const gil_released waiting;
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [this] { return !taken_; });
}

void one_at_a_time::leave() {
    {
        const std::lock_guard guard{mutex_};
        taken_ = false;
    }
    changed_.notify_all();
    for (const auto& who : std::exchange(asleep_, {})) {
        who->wake();
    }
}

}  // namespace backdoor
