#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace backdoor::editor {

// The blocks submitted so far, oldest first. May be shared by editors of one thread: entries are
// known by a number that stays theirs.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class history {
public:
    static constexpr std::size_t default_max_entries = 10'000;
    static constexpr std::size_t default_max_bytes = 4u << 20;

    using number = std::uint64_t;

    explicit history(std::size_t max_entries = default_max_entries,
                     std::size_t max_bytes = default_max_bytes)
        : max_entries_(max_entries), max_bytes_(max_bytes) {}

    // Blank lines at the end do not count. Ignored: what is blank, what equals the last entry,
    // what is larger than all of the history may be. The oldest entries make room.
    void add(std::string block);

    const std::deque<std::string>& entries() const { return entries_; }

    number first() const { return dropped_; }
    number end() const { return dropped_ + entries_.size(); }
    // From first() to before end().
    const std::string& at(number which) const {
        return entries_[static_cast<std::size_t>(which - dropped_)];
    }

private:
    std::size_t max_entries_;
    std::size_t max_bytes_;
    std::deque<std::string> entries_;
    std::size_t bytes_ = 0;
    number dropped_ = 0;
};

}  // namespace backdoor::editor
