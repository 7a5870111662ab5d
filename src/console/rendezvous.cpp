#include "console/rendezvous.hpp"

namespace backdoor {

void rendezvous::grant(duration budget, const std::function<void()>& on_overrun) {
    std::unique_lock guard{mutex_};
    if (state_ != state::asked) {
        return;
    }
    state_ = state::granted;
    changed_.notify_all();
    if (!changed_.wait_for(guard, budget, [this] { return state_ == state::ended; })) {
        state_ = state::overrun;
        kept_ = false;
        guard.unlock();
        on_overrun();
    }
}

bool rendezvous::wait_for_grant(duration limit) {
    std::unique_lock guard{mutex_};
    if (changed_.wait_for(guard, limit, [this] { return state_ != state::asked; })) {
        return true;
    }
    state_ = state::given_up;
    return false;
}

bool rendezvous::end() {
    const std::lock_guard guard{mutex_};
    state_ = state::ended;
    changed_.notify_all();
    return kept_;
}

bool rendezvous::overrun() const {
    const std::lock_guard guard{mutex_};
    return state_ == state::overrun;
}

bool rendezvous::ended() const {
    const std::lock_guard guard{mutex_};
    return state_ == state::ended;
}

}  // namespace backdoor
