#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace backdoor::editor {

// What undoes one change: `inserted` bytes at `at` become `removed` again.
struct change {
    std::size_t at = 0;
    std::size_t inserted = 0;
    std::string removed;
    std::size_t cursor = 0;
    bool typed = false;  // characters typed in a row are undone together
};

// Thread safety: distinct objects: safe. Shared objects: unsafe.
class undo_log {
public:
    static constexpr std::size_t max_bytes = 16u << 20;
    static constexpr std::size_t max_changes = 10'000;
    static constexpr std::size_t max_typed_together = 20;

    // The oldest changes make room.
    void add(change latest);
    std::optional<change> take();
    void clear();

    // What is typed next is undone by itself.
    void separate() { joins_ = false; }

private:
    std::deque<change> changes_;
    std::size_t bytes_ = 0;
    bool joins_ = false;
};

}  // namespace backdoor::editor
