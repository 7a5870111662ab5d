#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backdoor::editor {

// What programs print above the frame. A line that did not end yet is closed before the frame is
// drawn, and goes on when more of it is printed.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class printout {
public:
    // A longer unfinished line stays closed.
    static constexpr std::size_t max_open_line = 4096;

    // The cursor is where the last write left it, or at the left edge.
    void write(std::string_view output, std::string& out);

    // Puts the cursor at the left edge, to draw the frame.
    void close(std::string& out);

    // The frame was taken off, and the cursor is where it began: back to the end of the line
    // that was closed, if there is one that can go on.
    void reopen(int columns, std::string& out);

    // The line that did not end yet, with the cursor put back to where it began, for a prompt to
    // take its place. Empty, at the left edge, where its width is not known.
    std::string take_open_line(int columns, std::string& out);

    // A line that was closed is no longer where it was.
    void keep_closed();

private:
    void track(std::string_view output);

    std::string line_;  // printed since the last line end
    bool line_known_ = true;
    bool open_ = false;
    std::optional<int> closed_columns_;
};

}  // namespace backdoor::editor
