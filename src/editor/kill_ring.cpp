#include "editor/kill_ring.hpp"

#include <utility>

namespace backdoor::editor {

void kill_ring::add(std::string killed, direction where, bool joins) {
    if (killed.empty() || killed.size() > max_bytes)
        return;
    bytes_ += killed.size();
    if (joins && !entries_.empty() && entries_.front().size() + killed.size() <= max_bytes) {
        if (where == direction::forward)
            entries_.front() += killed;
        else
            entries_.front().insert(0, killed);
    } else {
        entries_.push_front(std::move(killed));
    }
    while (bytes_ > max_bytes || entries_.size() > max_entries) {
        bytes_ -= entries_.back().size();
        entries_.pop_back();
    }
}

void kill_ring::rotate() {
    if (entries_.size() < 2)
        return;
    entries_.push_back(std::move(entries_.front()));
    entries_.pop_front();
}

}  // namespace backdoor::editor
