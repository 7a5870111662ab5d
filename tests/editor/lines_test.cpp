// Blocks of several lines: Enter, judgement, indentation.

#include <gtest/gtest.h>

#include "client.hpp"

namespace backdoor::editor::test {
namespace {

struct lines : ::testing::Test {
    lines() { c.begin(); }
    client c;
};

TEST_F(lines, are_submitted_when_whole) {
    EXPECT_EQ(c.type("x = 1\r"), events{submitted{"x = 1\n"}});
    EXPECT_FALSE(c.editor.is_reading());
    EXPECT_EQ(c.past.entries(), std::deque<std::string>{"x = 1"});
}

TEST_F(lines, are_asked_about) {
    EXPECT_EQ(c.feed("f(\r"), events{wants_judgement{"f(\n"}});
    EXPECT_EQ(c.editor.judge(verdict::incomplete), events{});
    EXPECT_EQ(c.block(), "f(\n|");
    EXPECT_EQ(c.feed(")\r"), events{wants_judgement{"f(\n)\n"}});
    EXPECT_EQ(c.editor.judge(verdict::whole), events{submitted{"f(\n)\n"}});
}

TEST_F(lines, that_are_wrong_are_submitted) {
    c.feed("1 +* 2\r");
    EXPECT_EQ(c.editor.judge(verdict::wrong), events{submitted{"1 +* 2\n"}});
}

TEST_F(lines, that_are_empty_need_no_question) {
    EXPECT_EQ(c.feed("\r"), events{submitted{"\n"}});
    c.begin();
    EXPECT_EQ(c.feed("   \r"), events{submitted{"\n"}});
    EXPECT_TRUE(c.past.entries().empty());
}

TEST_F(lines, an_answer_without_question_is_ignored) {
    EXPECT_EQ(c.editor.judge(verdict::whole), events{});
    EXPECT_EQ(c.editor.complete({"x"}, 0), events{});
    EXPECT_EQ(c.block(), "|");
}

TEST_F(lines, keep_what_is_typed_before_the_answer) {
    EXPECT_EQ(c.feed("if x:\r"), events{wants_judgement{"if x:\n"}});
    EXPECT_EQ(c.feed("y"), events{});
    EXPECT_EQ(c.feed("\r"), events{});
    EXPECT_EQ(c.block(), "if x:|");
    EXPECT_EQ(c.editor.judge(verdict::incomplete), events{wants_judgement{"if x:\n    y\n"}});
}

TEST_F(lines, are_indented) {
    c.type("if x:\r");
    EXPECT_EQ(c.block(), "if x:\n    |");
    c.type("while y:  # z\r");
    EXPECT_EQ(c.block(), "if x:\n    while y:  # z\n        |");
    c.type("f(':#')\r");
    EXPECT_EQ(c.block(), "if x:\n    while y:  # z\n        f(':#')\n        |");
    c.type("# not:\r");
    EXPECT_TRUE(c.block().ends_with("# not:\n        |"));
}

TEST_F(lines, are_indented_less_behind_what_leaves_a_block) {
    c.type("def f():\rif x:\rreturn [x]\r");
    EXPECT_EQ(c.block(), "def f():\n    if x:\n        return [x]\n    |");
    c.type("return (\r");
    EXPECT_TRUE(c.block().ends_with("    return (\n    |"));
    c.type("x)\r");
    EXPECT_TRUE(c.block().ends_with("    x)\n    |"));
    c.type("returned = 1\r");
    EXPECT_TRUE(c.block().ends_with("returned = 1\n    |"));
    c.type("pass  # well\r");
    EXPECT_TRUE(c.block().ends_with("pass  # well\n|"));
    c.type("raise\r");
    EXPECT_TRUE(c.block().ends_with("raise\n|"));
}

TEST_F(lines, lose_a_level_by_backspace) {
    c.type("if x:\rif y:\r");
    EXPECT_EQ(c.block(), "if x:\n    if y:\n        |");
    c.type("\x7f");
    EXPECT_EQ(c.block(), "if x:\n    if y:\n    |");
    c.type("  \x7f");
    EXPECT_EQ(c.block(), "if x:\n    if y:\n    |");
    c.type("\x7f\x7f");
    EXPECT_EQ(c.block(), "if x:\n    if y:|");
}

TEST_F(lines, get_a_level_by_tab) {
    EXPECT_EQ(c.type("\t"), events{});
    EXPECT_EQ(c.block(), "    |");
    c.type("\x7f  \t");
    EXPECT_EQ(c.block(), "    |");
}

TEST_F(lines, end_by_a_blank_one) {
    c.type("def f():\rg()\r");
    EXPECT_EQ(c.block(), "def f():\n    g()\n    |");
    EXPECT_EQ(c.feed("\r"), events{wants_judgement{"def f():\n    g()\n\n"}});
    EXPECT_EQ(c.editor.judge(verdict::whole), events{submitted{"def f():\n    g()\n\n"}});
    EXPECT_EQ(c.past.entries().back(), "def f():\n    g()");
}

// Within brackets and long strings a blank line is a line like any other.
TEST_F(lines, may_be_blank_if_the_judge_says_so) {
    c.feed("x = '''\r");
    c.editor.judge(verdict::incomplete);
    EXPECT_EQ(c.feed("\r"), events{wants_judgement{"x = '''\n\n"}});
    c.editor.judge(verdict::incomplete);
    EXPECT_EQ(c.block(), "x = '''\n\n|");
}

TEST_F(lines, are_inserted_in_the_middle) {
    c.type("def f():\ra\rb\x1b[A");
    EXPECT_EQ(c.feed("\r"), events{});
    EXPECT_EQ(c.block(), "def f():\n    a\n    |\n    b");
    c.type("\x1b[A\x1b[A\x05\r");
    EXPECT_EQ(c.block(), "def f():\n    |\n    a\n    \n    b");
}

TEST_F(lines, are_inserted_by_meta_enter) {
    EXPECT_EQ(c.type("x\x1b\r"), events{});
    EXPECT_EQ(c.block(), "x\n|");
}

TEST_F(lines, on_the_last_one_the_cursor_may_be_anywhere) {
    EXPECT_EQ(c.type("print(1)\x01\r"), events{submitted{"print(1)\n"}});
}

TEST_F(lines, are_moved_between) {
    c.type("def f():\ra\rlong one\x1b[A");
    EXPECT_EQ(c.block(), "def f():\n    a|\n    long one");
    c.type("\x10");
    EXPECT_EQ(c.block(), "def f():|\n    a\n    long one");
    c.type("\x0e\x1b[B");
    EXPECT_EQ(c.block(), "def f():\n    a\n    long one|");
}

TEST_F(lines, keep_the_column_by_what_is_seen) {
    c.type("\x1b[200~\xe7\x95\x8c\xe7\x95\x8c\nabcdef\x1b[201~\x02\x02\x1b[A");
    EXPECT_EQ(c.block(), "\xe7\x95\x8c\xe7\x95\x8c|\nabcdef");
    c.type("\x02\x1b[B");
    EXPECT_EQ(c.block(), "\xe7\x95\x8c\xe7\x95\x8c\nab|cdef");
}

TEST_F(lines, of_the_history_are_edited_whole) {
    c.type("def f():\ra\r\r");
    c.begin();
    c.type("\x1b[A");
    EXPECT_EQ(c.block(), "def f():\n    a|");
    c.type(
        "\x7f"
        "b");
    c.type("\r");
    EXPECT_EQ(c.block(), "def f():\n    b\n    |");
    EXPECT_EQ(c.type("\r"), events{submitted{"def f():\n    b\n\n"}});
}

}  // namespace
}  // namespace backdoor::editor::test
