#include "editor/undo_log.hpp"

#include <utility>

namespace backdoor::editor {

void undo_log::add(change latest) {
    if (joins_ && latest.typed && latest.removed.empty() && !changes_.empty()) {
        change& last = changes_.back();
        if (last.typed && last.at + last.inserted == latest.at &&
            last.inserted + latest.inserted <= max_typed_together) {
            last.inserted += latest.inserted;
            return;
        }
    }
    joins_ = latest.typed;
    bytes_ += latest.removed.size();
    changes_.push_back(std::move(latest));
    while (!changes_.empty() && (bytes_ > max_bytes || changes_.size() > max_changes)) {
        bytes_ -= changes_.front().removed.size();
        changes_.pop_front();
    }
}

std::optional<change> undo_log::take() {
    joins_ = false;
    if (changes_.empty())
        return {};
    change last = std::move(changes_.back());
    changes_.pop_back();
    bytes_ -= last.removed.size();
    return last;
}

void undo_log::clear() {
    changes_.clear();
    bytes_ = 0;
    joins_ = false;
}

}  // namespace backdoor::editor
