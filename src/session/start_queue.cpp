#include "session/start_queue.hpp"

#include <utility>

namespace backdoor {

void start_queue::place::enter() {
    if (queue_->is_overdue_ && queue_->is_taken_) {
        return;
    }
    has_turn_ = queue_->turn_.try_acquire_for(patience);
    (has_turn_ ? queue_->is_taken_ : queue_->is_overdue_) = true;
}

void start_queue::place::leave() noexcept {
    if (std::exchange(has_turn_, false)) {
        queue_->is_overdue_ = queue_->is_taken_ = false;
        queue_->turn_.release();
    }
}

}  // namespace backdoor
