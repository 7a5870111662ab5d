#include "expected_screen.hpp"

#include <algorithm>
#include <stdexcept>

#include "editor/completion.hpp"

namespace backdoor::editor::test {
namespace {

class paper {
public:
    explicit paper(int columns) : columns_(columns), rows_(1) {}

    int row() const { return static_cast<int>(rows_.size()) - 1; }
    int column() const { return column_; }
    std::vector<expected_row> rows() const { return rows_; }

    void write(std::string text, int columns) {
        if (columns > columns_) {
            text = "\xef\xbf\xbd";
            columns = 1;
        }
        make_room(columns);
        rows_.back().push_back({std::move(text), columns});
        column_ += columns;
        make_room(1);
    }

    // Where something that wide would come.
    void make_room(int columns) {
        if (column_ + std::min(columns, columns_) > columns_)
            new_line();
    }

    void new_line() {
        rows_.emplace_back();
        column_ = 0;
    }

private:
    int columns_;
    int column_ = 0;
    std::vector<expected_row> rows_;
};

void write_ascii(paper& on, std::string_view text) {
    for (const char c : text)
        on.write(std::string(1, c), 1);
}

std::optional<letter> find_letter(std::string_view text) {
    if (text.front() >= 0x20 && text.front() < 0x7f)
        return letter{text.substr(0, 1), "", 1};
    const letter* longest = nullptr;
    for (const letter& candidate : alphabet()) {
        if (text.starts_with(candidate.bytes) &&
            (longest == nullptr || candidate.bytes.size() > longest->bytes.size()))
            longest = &candidate;
    }
    return longest != nullptr ? std::optional(*longest) : std::nullopt;
}

}  // namespace

const std::vector<letter>& alphabet() {
    static const std::vector<letter> letters = {
        // What keys make of the others.
        {"\xe2", "\xef\xbf\xbd", 1},
        {"\x82", "\xef\xbf\xbd", 1},
        {"\xe2\x82\x82", "", 1},  // subscript two
        {"\xc3\x89", "", 1},      // É
        {"\xef\xbd\x81", "", 2},  // full width a
        // What is typed.
        {"a", "", 1},
        {"(", "", 1},
        {"_", "", 1},
        {"Z", "", 1},
        {"7", "", 1},
        {" ", "", 1},
        {"'", "", 1},
        {":", "", 1},
        {"\xc3\xa9", "", 1},                                      // é
        {"\xe7\x95\x8c", "", 2},                                  // CJK
        {"\xef\xbc\xa1", "", 2},                                  // full width A
        {"\xcc\x81", "<0301>", 6, true},                          // combining acute
        {"\xe2\x80\x8b", "<200b>", 6},                            // zero width space
        {"\xe2\x80\xae", "<202e>", 6},                            // right to left
        {"\xf0\x9f\x98\x80", "", 2},                              // emoji
        {"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", "", 4},  // joined emoji
        {"\xe2\x9d\xa4\xef\xb8\x8f", "", 2},                      // heart as emoji
        {"\t", "^I", 2},
        {"\x01", "^A", 2},
        {"\x7f", "^?", 2},
        {"\x1b", "^[", 2},
        {"\xff", "\xef\xbf\xbd", 1},
        {"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd", 2},  // cut off
    };
    return letters;
}

expected_block expect_block(std::string_view prompt, std::string_view continuation,
                            std::string_view text, std::size_t cursor, int columns) {
    struct character {
        std::size_t begin;
        std::string shown;
        int columns;
        bool split;  // may be divided by the right edge
        bool joins;  // what marks can join
    };
    std::vector<character> characters;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '\n') {
            characters.push_back({at++, "\n", 0, false, false});
            continue;
        }
        const std::optional<letter> l = find_letter(text.substr(at));
        if (!l)
            throw std::runtime_error("not in the alphabet, at byte " + std::to_string(at) + ": " +
                                     printable(text));
        if (l->mark && !characters.empty() && characters.back().joins)
            characters.back().shown += l->bytes;
        else if (l->shown.empty())
            characters.push_back({at, std::string(l->bytes), l->columns, false, true});
        else if (l->shown.starts_with('\xef'))
            for (std::size_t i = 0; i < l->bytes.size(); ++i)
                characters.push_back({at + i, std::string(l->shown.substr(0, 3)), 1, false, false});
        else
            characters.push_back({at, std::string(l->shown), l->columns, true, false});
        at += l->bytes.size();
    }

    paper on(columns);
    expected_block block;
    write_ascii(on, prompt);
    bool found = false;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        const character& c = characters[i];
        const std::size_t end = i + 1 < characters.size() ? characters[i + 1].begin : text.size();
        if (!c.split)
            on.make_room(c.columns > columns ? 1 : c.columns);
        if (!found && cursor < end) {
            block.cursor_row = on.row();
            block.cursor_column = on.column();
            found = true;
        }
        if (c.shown == "\n") {
            on.new_line();
            write_ascii(on, continuation);
        } else if (c.split) {
            write_ascii(on, c.shown);
        } else {
            on.write(c.shown, c.columns);
        }
    }
    if (!found) {
        block.cursor_row = on.row();
        block.cursor_column = on.column();
    }
    block.rows = on.rows();
    return block;
}

std::vector<expected_row> expect_line(std::string_view line, int columns) {
    std::vector<expected_row> rows(1);
    for (const char c : line) {
        if (static_cast<int>(rows.back().size()) == columns)
            rows.emplace_back();
        rows.back().push_back({std::string(1, c), 1});
    }
    return rows;
}

std::optional<std::string> difference(const terminal& shown, int row, const expected_row& wanted) {
    int column = 0;
    for (const expected_glyph& glyph : wanted) {
        const std::string there = shown.text_at(row, column, glyph.columns);
        const bool blank = glyph.text == " " && shown.is_blank(row, column);
        if (there != glyph.text && !blank)
            return "row " + std::to_string(row) + ", column " + std::to_string(column) +
                   " shows '" + there + "', not '" + glyph.text + "'";
        column += glyph.columns;
    }
    for (; column < shown.columns(); ++column) {
        if (!shown.is_blank(row, column))
            return "row " + std::to_string(row) + ", column " + std::to_string(column) +
                   " is not blank: '" + shown.text_at(row, column, 1) + "'";
    }
    return {};
}

}  // namespace backdoor::editor::test
