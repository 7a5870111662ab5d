#include "terminal.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace backdoor::editor::test {
namespace {

int count_bell(void* bells) { return ++*static_cast<int*>(bells); }

constexpr VTermScreenCallbacks callbacks = {nullptr,
                                            nullptr,
                                            nullptr,
                                            nullptr,
                                            count_bell,
                                            nullptr,
                                            nullptr,
                                            nullptr
#if VTERM_VERSION_MAJOR > 0 || VTERM_VERSION_MINOR >= 2
                                            ,
                                            nullptr
#endif
};

void append_utf8(std::string& out, std::uint32_t point) {
    utf8proc_uint8_t bytes[4];
    const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

constexpr std::uint32_t right_half = static_cast<std::uint32_t>(-1);

}  // namespace

terminal::terminal(int columns, int rows) : emulator_(vterm_new(rows, columns)) {
    vterm_set_utf8(emulator_.get(), 1);
    screen_ = vterm_obtain_screen(emulator_.get());
    vterm_screen_set_callbacks(screen_, &callbacks, bells_.get());
    vterm_screen_reset(screen_, 1);
}

void terminal::write(std::string_view bytes) {
    vterm_input_write(emulator_.get(), bytes.data(), bytes.size());
}

void terminal::resize(int columns, int rows) {
    vterm_set_size(emulator_.get(), rows, columns);
    // libvterm 0.1.4 may leave the cursor outside.
    const int row = std::clamp(cursor_row(), 0, rows - 1);
    const int column = std::clamp(cursor_column(), 0, columns - 1);
    write("\x1b[" + std::to_string(row + 1) + ";" + std::to_string(column + 1) + "H");
}

int terminal::columns() const {
    int rows = 0;
    int columns = 0;
    vterm_get_size(emulator_.get(), &rows, &columns);
    return columns;
}

int terminal::rows() const {
    int rows = 0;
    int columns = 0;
    vterm_get_size(emulator_.get(), &rows, &columns);
    return rows;
}

int terminal::cursor_row() const {
    VTermPos at{};
    vterm_state_get_cursorpos(vterm_obtain_state(emulator_.get()), &at);
    return at.row;
}

int terminal::cursor_column() const {
    VTermPos at{};
    vterm_state_get_cursorpos(vterm_obtain_state(emulator_.get()), &at);
    return at.col;
}

VTermScreenCell terminal::cell(int row, int column) const {
    VTermScreenCell found{};
    vterm_screen_get_cell(screen_, {row, column}, &found);
    return found;
}

bool terminal::is_blank(int row, int column) const {
    const std::uint32_t first = cell(row, column).chars[0];
    return first == 0 || first == ' ';
}

std::string terminal::text_at(int row, int column, int columns) const {
    std::string text;
    for (int at = column; at < column + columns; ++at) {
        const VTermScreenCell found = cell(row, at);
        for (const std::uint32_t point : found.chars) {
            if (point == 0 || point == right_half)
                break;
            append_utf8(text, point);
        }
    }
    return text;
}

std::string terminal::row_text(int row) const {
    std::string text;
    for (int at = 0; at < columns(); ++at) {
        const VTermScreenCell found = cell(row, at);
        if (found.chars[0] == right_half)
            continue;
        text += found.chars[0] == 0 ? " " : text_at(row, at, 1);
    }
    text.resize(text.find_last_not_of(' ') + 1);
    return text;
}

std::vector<std::string> terminal::text() const {
    std::vector<std::string> all;
    for (int row = 0; row < rows(); ++row)
        all.push_back(row_text(row));
    while (!all.empty() && all.back().empty())
        all.pop_back();
    return all;
}

int terminal::colour_at(int row, int column) const {
    const VTermColor colour = cell(row, column).fg;
    if (VTERM_COLOR_IS_DEFAULT_FG(&colour) || !VTERM_COLOR_IS_INDEXED(&colour))
        return -1;
    return colour.indexed.idx;
}

bool terminal::is_bold_at(int row, int column) const { return cell(row, column).attrs.bold != 0; }

}  // namespace backdoor::editor::test
