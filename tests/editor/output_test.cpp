// What programs print while a line is edited, and while none is.

#include <gtest/gtest.h>

#include "client.hpp"

namespace backdoor::editor::test {
namespace {

using seen = std::vector<std::string>;

TEST(output, appears_above_the_line) {
    client c;
    c.begin();
    c.type("abc\x02");
    c.print("one\ntwo\n");
    EXPECT_EQ(c.screen(), (seen{"one", "two", ">>> abc"}));
    EXPECT_EQ(c.shown.cursor_column(), 6);
    c.type("x");
    EXPECT_EQ(c.screen().back(), ">>> abxc");
}

TEST(output, appears_above_all_lines_of_a_block) {
    client c;
    c.begin();
    c.type("if x:\ry\x1b[A");
    c.print("one\n");
    EXPECT_EQ(c.screen(), (seen{"one", ">>> if x:", "...     y"}));
    EXPECT_EQ(c.shown.cursor_row(), 1);
}

TEST(output, may_end_within_a_line) {
    client c;
    c.begin();
    c.type("abc");
    c.print("one");
    EXPECT_EQ(c.screen(), (seen{"one", ">>> abc"}));
    c.print(" \x1b[31mtwo\x1b[0m");
    EXPECT_EQ(c.screen(), (seen{"one two", ">>> abc"}));
    c.print("\nthree");
    EXPECT_EQ(c.screen(), (seen{"one two", "three", ">>> abc"}));
    c.type("\r");
    c.print("x\n");
    EXPECT_EQ(c.screen(), (seen{"one two", "three", ">>> abc", "x"}));
}

TEST(output, goes_on_in_a_window_that_has_kept_its_size) {
    client c;
    c.begin();
    c.print("one");
    c.resize(80, 24);
    c.print(" two");
    EXPECT_EQ(c.screen(), (seen{"one two", ">>>"}));
    c.resize(81, 24);
    c.print("three");
    EXPECT_EQ(c.screen(), (seen{"one two", "three", ">>>"}));
}

TEST(output, whose_end_is_not_known_is_not_continued) {
    client c;
    c.begin();
    c.print("50%\r");
    c.print("60%");
    EXPECT_EQ(c.screen(), (seen{"50%", "60%", ">>>"}));
}

TEST(output, before_a_prompt_is_ended) {
    client c;
    c.print("no line end");
    c.begin();
    EXPECT_EQ(c.screen(), (seen{"no line end", ">>>"}));
    c.type("x\r");
    c.print("out\n");
    c.begin();
    EXPECT_EQ(c.screen(), (seen{"no line end", ">>> x", "out", ">>>"}));
}

TEST(output, is_unchanged_while_nothing_is_read) {
    client c;
    c.editor.print_above("a\r\nb\nc");
    EXPECT_EQ(c.editor.take_output(), "a\r\nb\r\nc");
}

TEST(output, of_a_burst_is_drawn_once) {
    client c;
    c.begin();
    c.type("abc");
    for (int i = 0; i < 1000; ++i)
        c.editor.print_above("line\n");
    EXPECT_EQ(c.editor.take_output().size(), std::string("\r\x1b[J>>> abc").size() + 6000);
}

TEST(output, does_not_disturb_a_search) {
    client c;
    c.past.add("import os");
    c.begin();
    c.type("\x12os");
    c.print("one\n");
    EXPECT_EQ(c.screen(), (seen{"one", "(r-search `os') import os"}));
}

}  // namespace
}  // namespace backdoor::editor::test
