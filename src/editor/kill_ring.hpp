#pragma once

#include <cstddef>
#include <deque>
#include <string>

namespace backdoor::editor {

// What was killed, for yanking. Kills in a row are one entry.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class kill_ring {
public:
    static constexpr std::size_t max_entries = 32;
    static constexpr std::size_t max_bytes = 16u << 20;

    enum class direction { forward, backward };

    // `joins`: the previous key killed too. The oldest entries make room.
    void add(std::string killed, direction where, bool joins);

    bool empty() const { return entries_.empty(); }
    const std::string& current() const { return entries_.front(); }

    // The entry before becomes the current one; the ring turns.
    void rotate();

private:
    std::deque<std::string> entries_;
    std::size_t bytes_ = 0;
};

}  // namespace backdoor::editor
