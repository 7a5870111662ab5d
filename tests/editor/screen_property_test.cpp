// Random keys, pastes, sizes and output: the screen of an emulated terminal is always the prompt
// and the text, the cursor where it belongs, and below what was printed.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <variant>

#include "client.hpp"
#include "expected_screen.hpp"

namespace backdoor::editor::test {
namespace {

constexpr std::string_view first_prompt = ">>> ";
constexpr std::string_view next_prompt = "... ";

// libvterm 0.1.4 takes no CR for a move when a character fills the row from its first column on.
constexpr int narrowest = 3;
constexpr int widest = 120;

class random_user {
public:
    random_user(unsigned seed, int columns, int rows, bool colour)
        : random_(seed), client_(settings_for(columns, rows, colour)) {
        while (!client_.editor.is_reading())
            begin();
    }

    void act() {
        const int choice = number(100);
        if (choice < 45)
            keys(any_letter());
        else if (choice < 84)
            keys(any_key());
        else if (choice < 88)
            paste();
        else if (choice < 94)
            print();
        else if (choice < 96)
            resize();
        else if (choice < 98)
            burst();
        else if (choice < 99)
            hand_over();
        else
            keys("\r");
        while (!client_.editor.is_reading())
            begin();
        // Above what filled the screen, no line is in reach.
        if (wanted().rows.size() >= static_cast<std::size_t>(client_.shown.rows()))
            open_line_.reset();
    }

    std::optional<std::string> fault() const {
        const expected_block block = wanted();
        const terminal& screen = client_.shown;
        const int height = static_cast<int>(block.rows.size());
        const int anchor = screen.cursor_row() - block.cursor_row;
        if (screen.cursor_column() != block.cursor_column)
            return "the cursor is in column " + std::to_string(screen.cursor_column()) + ", not " +
                   std::to_string(block.cursor_column);
        if (height <= screen.rows() ? anchor < 0 || anchor + height > screen.rows()
                                    : anchor > 0 || anchor + height < screen.rows())
            return "the block begins in row " + std::to_string(anchor) + " and has " +
                   std::to_string(height);
        for (int row = 0; row < screen.rows(); ++row) {
            const int in_block = row - anchor;
            const int in_above = static_cast<int>(above_.size()) + in_block;
            std::optional<std::string> found;
            if (in_block >= height)
                found = difference(screen, row, {});
            else if (in_block >= 0)
                found = difference(screen, row, block.rows[static_cast<std::size_t>(in_block)]);
            else if (in_above >= 0)
                found = difference(screen, row, above_[static_cast<std::size_t>(in_above)]);
            if (found)
                return found;
        }
        return {};
    }

    // What was done last, and what is seen.
    std::string what() const {
        std::string all = what_ + ", text '" + client_.editor.text() + "', on " +
                          std::to_string(client_.shown.columns()) + "x" +
                          std::to_string(client_.shown.rows()) + ":\n";
        for (const std::string& row : client_.screen())
            all += "[" + row + "]\n";
        return all;
    }

private:
    static settings settings_for(int columns, int rows, bool colour) {
        static const python_highlighter python;
        settings chosen;
        chosen.columns = columns;
        chosen.rows = rows;
        chosen.colour = colour;
        chosen.syntax = &python;
        return chosen;
    }

    int number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

    expected_block wanted() const {
        return expect_block(first_prompt, next_prompt, client_.editor.text(),
                            client_.editor.cursor(), client_.shown.columns());
    }

    void begin() {
        answer(client_.editor.begin(first_prompt, next_prompt));
        settle();
    }

    const letter& some_letter(int of_first) {
        return alphabet()[static_cast<std::size_t>(first_typed_letter + number(of_first))];
    }

    std::string any_letter() {
        const letter& l = some_letter(static_cast<int>(alphabet().size()) - first_typed_letter);
        const auto byte = static_cast<unsigned char>(l.bytes.front());
        return (byte < 0x20 || byte == 0x7f ? "\x16" : "") + std::string(l.bytes);
    }

    std::string any_key() {
        static const std::vector<std::string> all = {"\x01",
                                                     "\x02",
                                                     "\x02",
                                                     "\x04",
                                                     "\x05",
                                                     "\x06",
                                                     "\x06",
                                                     "\x08",
                                                     "\x0b",
                                                     "\x0c",
                                                     "\x0e",
                                                     "\x10",
                                                     "\x14",
                                                     "\x15",
                                                     "\x17",
                                                     "\x19",
                                                     "\x1f",
                                                     "\x1f",
                                                     "\x7f",
                                                     "\x7f",
                                                     "\x1a",
                                                     "\t",
                                                     "\t\t",
                                                     "\x1b"
                                                     "b",
                                                     "\x1b"
                                                     "f",
                                                     "\x1b"
                                                     "d",
                                                     "\x1b"
                                                     "u",
                                                     "\x1b"
                                                     "c",
                                                     "\x1b"
                                                     "t",
                                                     "\x1by",
                                                     "\x1b<",
                                                     "\x1b>",
                                                     "\x1b\r",
                                                     "\x1b\r",
                                                     "\x1b\r",
                                                     "\x1b[A",
                                                     "\x1b[A",
                                                     "\x1b[B",
                                                     "\x1b[D",
                                                     "\x1b[D",
                                                     "\x1b[D",
                                                     "\x1b[C",
                                                     "\x1b[1;5D",
                                                     "\x1b[1;5C",
                                                     "\x1bOH",
                                                     "\x1b[F",
                                                     "\x1b[3~",
                                                     "\x1b[19~",
                                                     "\x1b]11;rgb:0/0/0\a",
                                                     "\x12"
                                                     "a\x12\x12\x05",
                                                     "\x12"
                                                     "Z\x07",
                                                     "\x13"
                                                     "a\x02",
                                                     "\x03"};
        return all[static_cast<std::size_t>(number(static_cast<int>(all.size())))];
    }

    void keys(const std::string& bytes) {
        what_ = "keys";
        for (const char byte : bytes)
            what_ += " " + std::to_string(static_cast<unsigned char>(byte));
        new_above_ = bytes.find('\x0c') != std::string::npos;
        answer(client_.editor.feed(bytes));
        settle();
    }

    void answer(events next) {
        while (!next.empty()) {
            events more;
            for (const event& e : next) {
                if (std::holds_alternative<wants_judgement>(e)) {
                    more =
                        client_.editor.judge(number(3) > 0 ? verdict::incomplete : verdict::whole);
                } else if (std::holds_alternative<wants_completion>(e)) {
                    more = complete();
                } else if (!std::holds_alternative<suspended>(e)) {
                    new_above_ = true;
                }
            }
            next = std::move(more);
        }
    }

    void settle() {
        client_.show();
        if (!std::exchange(new_above_, false))
            return;
        // What a finished block left above, or a list, is seen by other tests.
        client_.print("\n");
        above_.clear();
        open_line_.reset();
    }

    events complete() {
        static const std::vector<std::vector<std::string>> all = {{}, {"a"}, {"aZ", "a7"}};
        const int choice = number(4);
        if (choice < 3)
            return client_.editor.complete(all[static_cast<std::size_t>(choice)], 0);
        new_above_ = true;
        std::vector<std::string> many;
        for (int i = 0; i < 20; ++i)
            many.push_back(
                std::string(static_cast<std::size_t>(1 + number(30)), static_cast<char>('a' + i)));
        return client_.editor.complete(many, 0);
    }

    void paste() {
        std::string text;
        for (int i = number(60); i > 0; --i)
            text += number(8) == 0 ? "\r" : std::string(some_letter(12).bytes);
        keys("\x1b[200~" + text + "\x1b[201~");
    }

    void burst() {
        std::string text;
        for (int i = number(20); i > 0; --i)
            text += number(4) == 0 ? any_key() : any_letter();
        keys(text);
    }

    void hand_over() {
        what_ = "hand over";
        new_above_ = !client_.editor.text().empty();
        open_line_.reset();
        client_.editor.hand_over();
        settle();
    }

    void print() {
        const int columns = client_.shown.columns();
        std::string text;
        for (int i = number(3); i > 0; --i)
            text += std::string(static_cast<std::size_t>(number(2 * columns)), 'p') + "\n";
        text += std::string(static_cast<std::size_t>(number(columns + 2)), 'q');
        what_ = "print '" + text + "'";
        client_.print(text);

        std::string rest = text;
        if (open_line_ && !open_line_->empty() && static_cast<int>(open_line_->size()) < columns) {
            above_.pop_back();
            rest = *open_line_ + text;
        }
        std::size_t begin = 0;
        for (std::size_t end = rest.find('\n'); end != std::string::npos;
             end = rest.find('\n', begin)) {
            add_above(rest.substr(begin, end - begin));
            begin = end + 1;
        }
        open_line_ = rest.substr(begin);
        if (!open_line_->empty())
            add_above(*open_line_);
    }

    void add_above(const std::string& line) {
        for (expected_row& row : expect_line(line, client_.shown.columns()))
            above_.push_back(std::move(row));
    }

    void resize() {
        const int columns = narrowest + number(widest - narrowest + 1);
        const int rows = 1 + number(30);
        what_ = "resize " + std::to_string(columns) + "x" + std::to_string(rows);
        const bool same = columns == client_.shown.columns() && rows == client_.shown.rows();
        client_.resize(columns, rows);
        if (same)
            return;  // nothing moved: what is above is still in reach
        above_.clear();
        open_line_.reset();
    }

    std::mt19937 random_;
    client client_;
    std::vector<expected_row> above_;
    std::optional<std::string> open_line_;
    std::string what_;
    bool new_above_ = false;
};

// The same each time, so that a failure is the change's; one other with EDITOR_SEED.
std::vector<unsigned> seeds() {
    if (const char* chosen = std::getenv("EDITOR_SEED"))
        return {static_cast<unsigned>(std::atoi(chosen))};
    return {1, 7919, 104'729, 1'299'709, 15'485'863, 1'119'602'485};
}

void run(unsigned seed, int sequences, int actions, bool colour) {
    for (int i = 0; i < sequences; ++i) {
        const int columns = narrowest + i % (widest - narrowest + 1);
        const int rows = 1 + (i * 7) % 30;
        random_user user(seed + static_cast<unsigned>(i), columns, rows, colour);
        for (int action = 0; action < actions; ++action) {
            user.act();
            const std::optional<std::string> fault = user.fault();
            ASSERT_FALSE(fault) << *fault << "\nafter " << user.what() << "\nsequence " << i
                                << ", action " << action << ", " << columns << "x" << rows
                                << ", EDITOR_SEED=" << seed;
        }
    }
}

TEST(screen_property, shows_the_block_after_any_keys) {
    for (const unsigned seed : seeds())
        run(seed, 150, 40, false);
}

TEST(screen_property, shows_the_block_in_colours_too) {
    for (const unsigned seed : seeds())
        run(seed, 75, 40, true);
}

}  // namespace
}  // namespace backdoor::editor::test
