#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "editor/keymap.hpp"
#include "editor/kill_ring.hpp"
#include "editor/text_buffer.hpp"

namespace backdoor::editor {

// The commands that change the block or move the cursor in it, and need to know nothing else.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class block_editor {
public:
    explicit block_editor(std::size_t max_size) : buffer_(max_size) {}

    const std::string& text() const { return buffer_.text(); }
    std::size_t cursor() const { return buffer_.cursor(); }

    // A new, empty block. What is killed in a secret one does not get into the kill ring.
    void begin(bool secret);

    // False when there is nothing to do: ring the bell.
    bool run(command what, std::string_view typed);

    // A command was run elsewhere. Ends what depends on the command before.
    void note(command what);

    bool insert(std::string_view text) { return buffer_.insert(text); }
    bool replace_before_cursor(std::size_t size, std::string_view with);
    bool set(std::string_view text, std::size_t cursor);
    void move_to(std::size_t cursor) { buffer_.move_to(cursor); }
    void erase_line_before_cursor();

    // Between the lines of the block; false at its first and last line.
    bool line_up();
    bool line_down();

    bool on_last_line() const;
    std::string_view line_before_cursor() const;

private:
    bool move(command what);
    bool erase_left();
    bool erase_right();
    bool kill(std::size_t begin, std::size_t end, kill_ring::direction where);
    bool kill(command what);
    bool yank();
    bool yank_older();
    bool transpose_characters();
    bool transpose_words();
    bool change_case(command what);
    int goal_column();

    text_buffer buffer_;
    kill_ring kills_;
    bool secret_ = false;
    bool killed_ = false;     // by the command before
    std::size_t yanked_ = 0;  // bytes, by the command before
    int goal_column_ = -1;    // of moves between lines, in a row
};

}  // namespace backdoor::editor
