#pragma once

#include <cstddef>
#include <string>

#include "editor/layout.hpp"

namespace backdoor::editor {

// Keeps what the terminal shows, and sends the difference to what it should show. Uses only what
// every terminal knows: CR LF, BS, the cursor moves CSI A to D, erasing by CSI J, K and X, SGR.
//
// All rows are counted from the first row of the frame. The cursor is at the left edge when nothing
// is drawn.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class renderer {
public:
    void draw(frame next, int columns, std::string& out);

    // Takes the frame off the screen.
    void erase(std::string& out);

    // Leaves the frame on the screen, the cursor in the line below. `mark` is written behind it.
    void leave(std::string_view mark, std::string& out);

    // The screen was cleared.
    void forget();

    // The terminal has another size: takes the frame off the screen, as well as one can know where
    // it is. Never erases what is above.
    void resize(int columns, int rows, std::string& out);

    std::size_t height() const { return shown_.size(); }

private:
    void draw_row(std::size_t r, row next, std::string& out);
    void add_row(bool soft, std::string& out);
    void put(const row& in, const glyph& g, std::string& out);
    void set_style(token style, bool matched, std::string& out);
    void go_to(position where, std::string& out);

    std::vector<row> shown_;
    position cursor_;
    int columns_ = 80;
    bool at_edge_ = false;  // behind the last column: the next character wraps
    token style_ = token::plain;
    bool matched_ = false;
};

}  // namespace backdoor::editor
