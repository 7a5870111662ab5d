// Pastes, with brackets and without.

#include <gtest/gtest.h>

#include "client.hpp"
#include "support/growth.hpp"

namespace backdoor::editor::test {
namespace {

using backdoor::test::growth_of;
using backdoor::test::most_growth;
using backdoor::test::most_growth_of_squares;

struct paste : ::testing::Test {
    paste() { c.begin(); }
    client c;
};

TEST_F(paste, is_turned_on_and_off) {
    client d;
    d.editor.begin(">>> ", "... ");
    EXPECT_EQ(d.show(), "\x1b[?2004h>>> ");
    d.type("x\r");
    EXPECT_EQ(d.sent, "x\r\n\x1b[?2004l");
    d.begin();
    d.type("\x03");
    EXPECT_EQ(d.sent, "^C\r\n\x1b[?2004l");
    d.begin();
    d.type("\x04");
    EXPECT_EQ(d.sent, "\r\n\x1b[?2004l");
    d.begin();
    d.editor.cancel();
    EXPECT_EQ(d.show(), "\r\n\x1b[?2004l");
}

TEST_F(paste, is_one_block) {
    EXPECT_EQ(c.type_at_once("\x1b[200~def f():\r    return 1\r\rprint(f())\x1b[201~"), events{});
    EXPECT_EQ(c.block(), "def f():\n    return 1\n\nprint(f())|");
    EXPECT_EQ(c.feed("\r"), events{wants_judgement{"def f():\n    return 1\n\nprint(f())\n"}});
}

TEST_F(paste, goes_where_the_cursor_is) {
    c.type_at_once("ab\x02\x1b[200~1\n2\x1b[201~");
    EXPECT_EQ(c.block(), "a1\n2|b");
}

TEST_F(paste, runs_no_keys) {
    EXPECT_EQ(c.type_at_once("\x1b[200~a\x03\x04\x1b[A\tb\x1b[201~"), events{});
    EXPECT_EQ(c.block(), "a\x03\x04\x1b[A\tb|");
}

TEST_F(paste, without_brackets_works_line_by_line) {
    EXPECT_EQ(
        c.type_at_once("def f(x):\r    if x:\r        return 1\r    return 2\r\rprint(f(3))\r"),
        events{submitted{"def f(x):\n    if x:\n        return 1\n    return 2\n\n"}});
    EXPECT_EQ(c.editor.begin(">>> ", "... "), events{wants_judgement{"print(f(3))\n"}});
}

TEST_F(paste, without_brackets_may_come_in_pieces) {
    const std::string text = "def f(x):\r    if x:\r        return 1\r    return 2\r\r";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        client d;
        d.begin();
        events all = d.type_at_once(text.substr(0, cut));
        for (event& e : d.type_at_once(text.substr(cut)))
            all.push_back(std::move(e));
        EXPECT_EQ(all,
                  events{submitted{"def f(x):\n    if x:\n        return 1\n    return 2\n\n"}})
            << cut;
    }
}

std::string program(std::size_t count, std::string_view line_end) {
    std::string text = "def f():";
    for (std::size_t i = 0; i < count; ++i)
        (text += line_end) += "    total = compute(total, 'some text', [1, 2, 3])  # more";
    return text;
}

void feed_paste(client& to, std::size_t lines) {
    to.editor.feed("\x1b[200~" + program(lines, "\r") + "\x1b[201~");
    to.editor.take_output();
}

TEST_F(paste, may_have_2000_lines) {
    feed_paste(c, 2000);
    EXPECT_EQ(c.editor.text(), program(2000, "\n"));
}

TEST_F(paste, takes_time_by_its_size_alone_with_colours_too) {
    static const python_highlighter python;
    settings chosen;
    chosen.colour = true;
    chosen.syntax = &python;
    const auto paste_lines = [&](std::size_t lines) {
        client d(chosen);
        d.begin();
        feed_paste(d, lines);
    };
    EXPECT_LT(growth_of(paste_lines, 1000), most_growth);
}

TEST_F(paste, takes_no_more_time_than_by_the_square_of_its_size_without_brackets) {
    const auto type_lines = [](std::size_t lines) {
        client d;
        d.begin();
        d.type_at_once(program(lines, "\r"));
    };
    // At each line the block so far is judged.
    EXPECT_LT(growth_of(type_lines, 125), most_growth_of_squares);
    c.type_at_once(program(2000, "\r"));
    EXPECT_EQ(c.editor.text(), program(2000, "\n"));
}

TEST_F(paste, takes_time_by_its_size_alone_in_pieces_too) {
    const auto paste_pieces = [](std::size_t lines) {
        client d;
        d.begin();
        const std::string text = "\x1b[200~" + program(lines, "\r") + "\x1b[201~";
        for (std::size_t at = 0; at < text.size(); at += 512)
            d.editor.feed(std::string_view(text).substr(at, 512));
        d.editor.take_output();
    };
    EXPECT_LT(growth_of(paste_pieces, 2000), most_growth);
}

}  // namespace
}  // namespace backdoor::editor::test
