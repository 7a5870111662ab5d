#include "editor/history.hpp"

#include <gtest/gtest.h>

#include "client.hpp"

namespace backdoor::editor::test {
namespace {

using blocks = std::deque<std::string>;

TEST(history_entries, are_whole_blocks_without_repetitions) {
    history past;
    for (const char* block :
         {"a\n", "a\n", "b\n", "a\n", "if x:\n    y\n\n", "if x:\n    y", "\n", "  \n", ""})
        past.add(block);
    EXPECT_EQ(past.entries(), (blocks{"a", "b", "a", "if x:\n    y"}));
}

TEST(history_entries, are_bounded_by_count) {
    history past(3);
    for (const char* block : {"a", "b", "c", "d"})
        past.add(block);
    EXPECT_EQ(past.entries(), (blocks{"b", "c", "d"}));
    EXPECT_EQ(past.at(past.first()), "b");
    EXPECT_EQ(past.first(), 1u);
    EXPECT_EQ(past.end(), 4u);
}

TEST(history_entries, are_bounded_by_bytes) {
    history past(100, 10);
    for (const char* block : {"aaaa", "bbbb", "cccc", "0123456789x"})
        past.add(block);
    EXPECT_EQ(past.entries(), (blocks{"bbbb", "cccc"}));
}

struct history_keys : ::testing::Test {
    history_keys() {
        for (const char* block : {"import os", "x = 1", "import re", "if x:\n    y"})
            c.past.add(block);
        c.begin();
    }
    client c;
};

TEST_F(history_keys, go_up_and_down) {
    c.type("\x10");
    EXPECT_EQ(c.block(), "if x:\n    y|");
    c.type("\x10");
    EXPECT_EQ(c.block(), "if x:|\n    y");
    c.type("\x10");
    EXPECT_EQ(c.block(), "import re|");
    c.type("\x1b[A\x1b[A");
    EXPECT_EQ(c.block(), "import os|");
    c.type("\x1b[A");
    EXPECT_EQ(c.block(), "import os|");
    EXPECT_EQ(c.shown.bells(), 1);
    c.type("\x0e\x0e\x1b[B");
    EXPECT_EQ(c.block(), "if x:\n    y|");
    c.type("\x1b[B");
    EXPECT_EQ(c.block(), "|");
}

TEST_F(history_keys, look_for_what_begins_alike) {
    c.type("imp\x1b[A");
    EXPECT_EQ(c.block(), "import re|");
    c.type("\x1b[A");
    EXPECT_EQ(c.block(), "import os|");
    c.type("\x1b[A");
    EXPECT_EQ(c.block(), "import os|");
    c.type("\x1b[B\x1b[B");
    EXPECT_EQ(c.block(), "imp|");
}

TEST_F(history_keys, begin_anew_after_another_key) {
    c.type(
        "imp\x1b[A\x15"
        "x\x1b[A");
    EXPECT_EQ(c.block(), "x = 1|");
}

TEST_F(history_keys, go_to_the_ends) {
    c.type("draft\x1b<");
    EXPECT_EQ(c.block(), "import os|");
    c.type("\x1b>");
    EXPECT_EQ(c.block(), "draft|");
}

TEST_F(history_keys, lose_nothing_that_undo_cannot_bring_back) {
    c.type("\x10\x10\x10 edited\x01\x10");
    EXPECT_EQ(c.block(), "x = 1|");
    c.type("\x1f");
    EXPECT_EQ(c.block(), "|import re edited");
}

TEST_F(history_keys, work_while_another_editor_adds) {
    history small(2);
    line_editor one(small);
    line_editor two(small);
    one.begin(">>> ", "... ");
    const auto submit = [&](std::string_view block) {
        two.begin(">>> ", "... ");
        two.feed(block);
        two.feed("\r");
        two.judge(verdict::whole);
    };
    submit("a");
    submit("b");
    one.feed("\x10\x10\x10");
    EXPECT_EQ(one.text(), "");
    one.begin(">>> ", "... ");
    one.feed("\x10\x10");
    EXPECT_EQ(one.text(), "a");
    submit("c");
    submit("d");
    submit("e");
    one.feed("\x0e");
    EXPECT_EQ(one.text(), "");
    one.feed("\x10");
    EXPECT_EQ(one.text(), "");
    one.begin(">>> ", "... ");
    one.feed("\x10");
    EXPECT_EQ(one.text(), "e");
}

}  // namespace
}  // namespace backdoor::editor::test
