// What is sent to the terminal, and what is seen there.

#include <gtest/gtest.h>

#include "client.hpp"

namespace backdoor::editor::test {
namespace {

using seen = std::vector<std::string>;

settings sized(int columns, int rows) {
    settings chosen;
    chosen.columns = columns;
    chosen.rows = rows;
    return chosen;
}

TEST(display, a_typed_character_sends_itself) {
    client c;
    c.begin();
    for (const std::string key : {"x", "(", "\xc3\xa9", "\xe7\x95\x8c", " "}) {
        c.type(key);
        EXPECT_EQ(c.sent, key);
    }
    c.type("abc");
    EXPECT_EQ(c.sent, "abc");
}

TEST(display, a_change_sends_what_changed) {
    client c;
    c.begin();
    c.type("abcdef");
    c.type("\x7f");
    EXPECT_EQ(c.sent, "\b\x1b[K");
    c.type("\x02");
    EXPECT_EQ(c.sent, "\b");
    c.type("X");
    EXPECT_EQ(c.sent, "Xe\b");
    c.type("\x01");
    EXPECT_EQ(c.sent, "\x1b[5D");
    c.type("\x06");
    EXPECT_EQ(c.sent, "\x1b[C");
    c.type("\x04");
    EXPECT_EQ(c.sent, "cdXe\x1b[K\x1b[4D");
    c.type("\x1b[19~");
    EXPECT_EQ(c.sent, "");
}

TEST(display, wraps_at_the_right_edge) {
    client c(sized(8, 10));
    c.begin();
    c.type("abcd");
    EXPECT_EQ(c.sent, "abcd \r");
    EXPECT_EQ(c.shown.cursor_row(), 1);
    EXPECT_EQ(c.shown.cursor_column(), 0);
    c.type("e");
    EXPECT_EQ(c.sent, "e");
    EXPECT_EQ(c.screen(), (seen{">>> abcd", "e"}));
    c.type("\x02\x02\x7f");
    EXPECT_EQ(c.screen(), (seen{">>> abde"}));
}

TEST(display, wraps_wide_characters_whole) {
    client c(sized(7, 10));
    c.begin();
    c.type("ab\xe7\x95\x8c");
    EXPECT_EQ(c.screen(), (seen{">>> ab", "\xe7\x95\x8c"}));
    EXPECT_EQ(c.shown.cursor_column(), 2);
}

TEST(display, puts_the_cursor_behind_emoji_that_terminals_do_not_agree_on) {
    client c;
    c.begin();
    c.type("\xf0\x9f\x98\x80");
    EXPECT_EQ(c.sent, "\x1b[2X\xf0\x9f\x98\x80\r\x1b[6C");
    c.type("x");
    EXPECT_EQ(c.sent, "x");
}

TEST(display, shows_what_cannot_be_shown) {
    client c;
    c.begin();
    c.type("\x16\t\x16\x1b\xff\xe2\x80\xae");
    EXPECT_EQ(c.screen(), (seen{">>> ^I^[\xef\xbf\xbd<202e>"}));
    EXPECT_EQ(c.block(), "\t\x1b\xff\xe2\x80\xae|");
    c.type("\x7f\x7f");
    EXPECT_EQ(c.screen(), (seen{">>> ^I^["}));
}

TEST(display, is_usable_in_few_columns) {
    for (const int columns : {1, 2, 3, 5, 20}) {
        client c(sized(columns, 24));
        c.begin();
        c.type(
            "ab\xe7\x95\x8c"
            "cd\x02\x02\x7f\x7f"
            "x");
        std::string all;
        for (const std::string& row : c.screen())
            all += row;
        EXPECT_EQ(all.substr(all.find('a')), "axcd") << columns;
        EXPECT_EQ(c.type("\r"), events{submitted{"axcd\n"}});
    }
}

TEST(display, takes_no_size_for_80_columns) {
    client c(sized(0, 0));
    c.begin();
    c.type(std::string(76, 'x'));
    EXPECT_EQ(c.shown.cursor_row(), 1);
    c.editor.resize(0, 0);
    EXPECT_EQ(c.editor.take_output(), "");
    c.editor.resize(1'000'000, 1'000'000);
    EXPECT_EQ(c.block(), std::string(76, 'x') + "|");
}

TEST(display, of_a_large_block_shows_the_part_around_the_cursor) {
    client c(sized(20, 3));
    c.begin();
    c.type("\x1b[200~1\n2\n3\n4\n5\x1b[201~");
    EXPECT_EQ(c.screen(), (seen{"... 3", "... 4", "... 5"}));
    c.type("\x1b[A");
    EXPECT_EQ(c.screen(), (seen{"... 3", "... 4", "... 5"}));
    c.type("\x1b[A\x1b[A");
    EXPECT_EQ(c.screen(), (seen{"... 2", "... 3", "... 4"}));
    c.type("\x1b[A");
    EXPECT_EQ(c.screen(), (seen{">>> 1", "... 2", "... 3"}));
    EXPECT_EQ(c.shown.cursor_row(), 0);
}

TEST(display, has_prompts_in_colours) {
    client c;
    c.editor.begin("\x1b[1;35m>\xc2\xbb>\x1b[0m ", "... ");
    c.show();
    EXPECT_EQ(c.shown.cursor_column(), 4);
    EXPECT_EQ(c.shown.colour_at(0, 0), 5);
    EXPECT_EQ(c.shown.colour_at(0, 3), -1);
    c.type("x");
    EXPECT_EQ(c.screen(), (seen{">\xc2\xbb> x"}));
}

TEST(display, prints_the_lines_before_a_prompt_once) {
    client c;
    c.editor.begin_plain("one\ntwo: ", true);
    c.show();
    EXPECT_EQ(c.screen(), (seen{"one", "two:"}));
    c.type("x");
    EXPECT_EQ(c.sent, "x");
}

TEST(display, is_cleared) {
    client c;
    c.print("old\n");
    c.begin();
    c.type("if x:\ry\x0c");
    EXPECT_EQ(c.screen(), (seen{">>> if x:", "...     y"}));
    EXPECT_EQ(c.shown.cursor_row(), 1);
}

TEST(display, ends_a_full_line_without_an_empty_one) {
    client c(sized(8, 10));
    c.begin();
    c.type("abcd\r");
    c.print("out\n");
    EXPECT_EQ(c.screen(), (seen{">>> abcd", "out"}));
}

TEST(display, survives_another_size) {
    client c(sized(40, 10));
    c.print("above\n");
    c.begin();
    c.type("if abcdefgh:\ry");
    c.resize(10, 10);
    EXPECT_EQ(c.screen(), (seen{"above", ">>> if abc", "defgh:", "...     y"}));
    c.resize(60, 12);
    EXPECT_EQ(c.screen().back(), "...     y");
    EXPECT_EQ(c.shown.cursor_column(), 9);
}

TEST(display, of_the_same_size_again_sends_nothing) {
    client c;
    c.begin();
    c.type("x");
    c.resize(80, 24);
    EXPECT_EQ(c.sent, "");
}

settings coloured() {
    static const python_highlighter python;
    settings chosen;
    chosen.colour = true;
    chosen.syntax = &python;
    return chosen;
}

TEST(display, is_highlighted) {
    client c(coloured());
    c.begin();
    c.type("def f(): return len('x')  # y");
    const auto colours = [&](int column) { return c.shown.colour_at(0, 4 + column); };
    EXPECT_EQ(colours(0), 4);
    EXPECT_TRUE(c.shown.is_bold_at(0, 4));
    EXPECT_EQ(colours(4), -1);
    EXPECT_TRUE(c.shown.is_bold_at(0, 8));
    EXPECT_EQ(colours(9), 4);
    EXPECT_EQ(colours(16), 6);
    EXPECT_EQ(colours(20), 2);
    EXPECT_EQ(colours(26), 1);
}

TEST(display, shows_the_matching_bracket) {
    client c(coloured());
    c.begin();
    c.type("(a[')'])");
    EXPECT_EQ(c.shown.colour_at(0, 4), 6);
    EXPECT_EQ(c.shown.colour_at(0, 11), 6);
    EXPECT_EQ(c.shown.colour_at(0, 6), -1);
    c.type("\x02");
    EXPECT_EQ(c.shown.colour_at(0, 4), -1);
    EXPECT_EQ(c.shown.colour_at(0, 6), 6);
    EXPECT_EQ(c.shown.colour_at(0, 10), 6);
    c.type("\x05\r");
    EXPECT_EQ(c.shown.colour_at(0, 4), -1);
}

TEST(display, has_no_colours_unless_wanted) {
    settings plain = coloured();
    plain.colour = false;
    client c(plain);
    c.begin();
    c.type("def f(): return len('x')\r");
    EXPECT_EQ(c.sent.find("\x1b[0"), std::string::npos);
}

}  // namespace
}  // namespace backdoor::editor::test
