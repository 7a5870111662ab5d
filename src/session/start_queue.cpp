#include "session/start_queue.hpp"

namespace backdoor {

void start_queue::place::enter() {
    if (queue_->is_overdue_ && queue_->is_taken_) {
        return;
    }
    if (queue_->turn_.try_acquire_for(patience)) {
        queue_->is_taken_ = has_turn_ = true;
    } else {
        queue_->is_overdue_ = true;
    }
}

void start_queue::place::leave() noexcept {
    if (has_turn_.exchange(false)) {
        queue_->is_overdue_ = queue_->is_taken_ = false;
        queue_->turn_.release();
    }
}

}  // namespace backdoor
