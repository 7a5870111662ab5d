#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "editor/undo_log.hpp"

namespace backdoor::editor {

// The block that is edited, and the cursor in it. Every change can be undone.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class text_buffer {
public:
    explicit text_buffer(std::size_t max_size) : max_size_(max_size) {}

    const std::string& text() const { return text_; }
    std::size_t cursor() const { return cursor_; }

    void move_to(std::size_t cursor);

    // At the cursor. False, and nothing changed, when the block would be too large.
    bool insert(std::string_view added);
    bool type(std::string_view added);
    bool replace(std::size_t begin, std::size_t end, std::string_view with);
    void erase(std::size_t begin, std::size_t end) { replace(begin, end, {}); }
    bool set(std::string_view text) { return replace(0, text_.size(), text); }

    // False when nothing is left to undo.
    bool undo();

    // A new, empty block, with nothing to undo.
    void clear();

private:
    bool change_text(std::size_t begin, std::size_t end, std::string_view with, bool typed);

    std::size_t max_size_;
    std::string text_;
    std::size_t cursor_ = 0;
    undo_log undo_;
};

}  // namespace backdoor::editor
