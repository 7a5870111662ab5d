#pragma once

#include <vterm.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor::editor::test {

// A terminal, emulated by libvterm.
class terminal {
public:
    terminal(int columns, int rows);

    void write(std::string_view bytes);
    void resize(int columns, int rows);

    int columns() const;
    int rows() const;
    int cursor_row() const;
    int cursor_column() const;
    int bells() const { return *bells_; }

    // What the columns from `column` on show, blanks left out.
    std::string text_at(int row, int column, int columns) const;
    // A whole row, without blanks at its end.
    std::string row_text(int row) const;
    // All rows, without empty ones at the end.
    std::vector<std::string> text() const;
    bool is_blank(int row, int column) const;

    // The colour of the palette that a cell has, -1 for the default one.
    int colour_at(int row, int column) const;
    bool is_bold_at(int row, int column) const;

private:
    VTermScreenCell cell(int row, int column) const;

    struct deleter {
        void operator()(VTerm* emulator) const { vterm_free(emulator); }
    };
    std::unique_ptr<int> bells_ = std::make_unique<int>(0);
    std::unique_ptr<VTerm, deleter> emulator_;
    VTermScreen* screen_;
};

}  // namespace backdoor::editor::test
