#include "editor/history_walk.hpp"

#include <algorithm>

namespace backdoor::editor {

void history_walk::look_at(std::string_view text, std::size_t cursor) {
    if (at_ == draft_number_)
        draft_ = text;
    if (!walking_)
        prefix_ = text.substr(0, cursor);
    walking_ = true;
    // Another editor may have made the history forget.
    at_ = std::max(at_, std::min(past_->first(), draft_number_));
}

bool history_walk::suits(history::number which, std::string_view text) const {
    const std::string& entry = past_->at(which);
    return entry.starts_with(prefix_) && entry != text;
}

std::optional<std::string> history_walk::older(std::string_view text, std::size_t cursor) {
    look_at(text, cursor);
    for (history::number which = at_; which > past_->first();) {
        if (suits(--which, text)) {
            at_ = which;
            return past_->at(which);
        }
    }
    return {};
}

std::optional<std::string> history_walk::newer(std::string_view text, std::size_t cursor) {
    if (at_ == draft_number_)
        return {};
    look_at(text, cursor);
    for (history::number which = at_ + 1; which < draft_number_; ++which) {
        if (which >= past_->first() && suits(which, text)) {
            at_ = which;
            return past_->at(which);
        }
    }
    at_ = draft_number_;
    return draft_;
}

std::optional<std::string> history_walk::oldest(std::string_view text) {
    look_at(text, 0);
    if (past_->first() >= draft_number_ || at_ == past_->first())
        return {};
    at_ = past_->first();
    return past_->at(at_);
}

std::optional<std::string> history_walk::newest() {
    if (at_ == draft_number_)
        return {};
    at_ = draft_number_;
    return draft_;
}

}  // namespace backdoor::editor
