// Beginning, ending, waiting: one line after the other, and several editors.

#include <gtest/gtest.h>

#include "client.hpp"

namespace backdoor::editor::test {
namespace {

using seen = std::vector<std::string>;

TEST(session, ends_by_control_d_on_an_empty_block) {
    client c;
    c.begin();
    EXPECT_EQ(c.type("x\x04"), events{});
    EXPECT_EQ(c.type("\x7f\x04"), events{end_of_input{}});
    EXPECT_FALSE(c.editor.is_reading());
}

TEST(session, is_interrupted) {
    client c;
    c.begin();
    EXPECT_EQ(c.type("if x:\ry\x1b[A\x03"), events{interrupted{}});
    EXPECT_EQ(c.screen(), (seen{">>> if x:", "...     y^C"}));
    EXPECT_EQ(c.shown.cursor_row(), 2);
    EXPECT_TRUE(c.past.entries().empty());
    c.begin();
    EXPECT_EQ(c.block(), "|");
}

TEST(session, is_suspended) {
    client c;
    c.begin();
    EXPECT_EQ(c.type("abc\x1a"
                     "d"),
              events{suspended{}});
    EXPECT_EQ(c.block(), "abcd|");
}

TEST(session, keeps_what_is_typed_ahead) {
    client c;
    c.begin();
    EXPECT_EQ(c.type_at_once("a\rb\rc"), events{submitted{"a\n"}});
    c.editor.feed("d");
    EXPECT_EQ(c.editor.begin(">>> ", "... "), events{wants_judgement{"b\n"}});
    EXPECT_EQ(c.editor.judge(verdict::whole), events{submitted{"b\n"}});
    EXPECT_EQ(c.editor.begin(">>> ", "... "), events{});
    EXPECT_EQ(c.block(), "cd|");
}

TEST(session, is_interrupted_at_once_while_nothing_is_read) {
    client c;
    c.begin();
    c.type("run()\r");
    EXPECT_EQ(c.feed("typed ahead"), events{});
    EXPECT_EQ(c.feed("more\x03\x03kept"), (events{interrupted{}, interrupted{}}));
    EXPECT_EQ(c.sent, "");
    c.begin();
    EXPECT_EQ(c.block(), "kept|");
}

TEST(session, is_interrupted_at_once_behind_enter) {
    client c;
    c.begin();
    EXPECT_EQ(c.feed("\r\x03"), (events{submitted{"\n"}, interrupted{}}));
}

TEST(session, is_interrupted_while_a_question_waits) {
    client c;
    c.begin();
    EXPECT_EQ(c.feed("x\r"), events{wants_judgement{"x\n"}});
    EXPECT_EQ(c.feed("\x03"), events{interrupted{}});
    EXPECT_EQ(c.screen(), seen{">>> x^C"});
    EXPECT_EQ(c.editor.judge(verdict::whole), events{});
    EXPECT_FALSE(c.editor.is_reading());
}

TEST(session, bounds_what_is_typed_ahead) {
    client c;
    const std::string megabyte(1u << 20, 'x');
    for (int i = 0; i < 20; ++i)
        c.feed(megabyte);
    EXPECT_GT(c.shown.bells(), 0);
    EXPECT_EQ(c.feed("\x03y"), events{interrupted{}});
    c.begin();
    EXPECT_EQ(c.block(), "y|");
}

TEST(session, is_cancelled) {
    client c;
    c.begin();
    c.type("abc\x02");
    c.editor.cancel();
    c.show();
    EXPECT_FALSE(c.editor.is_reading());
    EXPECT_EQ(c.shown.cursor_row(), 1);
    c.editor.cancel();
    EXPECT_EQ(c.show(), "");
    EXPECT_EQ(c.screen(), seen{">>> abc"});
}

TEST(session, that_is_handed_over_leaves_no_prompt) {
    client c;
    c.print("above\n");
    c.begin();
    c.type("x\x7f");
    c.editor.hand_over();
    c.show();
    EXPECT_TRUE(c.sent.ends_with("\x1b[?2004l"));
    EXPECT_FALSE(c.editor.is_reading());
    EXPECT_EQ(c.screen(), seen{"above"});
    EXPECT_EQ(c.shown.cursor_row(), 1);
    EXPECT_EQ(c.shown.cursor_column(), 0);
    c.editor.hand_over();
    EXPECT_EQ(c.show(), "");
}

TEST(session, that_is_handed_over_leaves_what_was_typed) {
    client c;
    c.begin();
    c.type("abc");
    c.editor.hand_over();
    c.show();
    EXPECT_EQ(c.screen(), seen{">>> abc"});
    EXPECT_EQ(c.shown.cursor_row(), 1);
}

TEST(session, that_is_handed_over_in_a_search_leaves_no_prompt) {
    client c;
    c.past.add("old");
    c.begin();
    c.type("\x12o");
    c.editor.hand_over();
    c.show();
    EXPECT_EQ(c.screen(), seen{});
}

TEST(plain_line, that_is_handed_over_leaves_the_cursor_behind_its_prompt) {
    client c;
    c.print("name? ");
    c.editor.begin_plain("", true);
    c.editor.hand_over();
    c.show();
    EXPECT_EQ(c.screen(), seen{"name?"});
    EXPECT_EQ(c.shown.cursor_row(), 0);
    EXPECT_EQ(c.shown.cursor_column(), 6);
}

TEST(plain_line, is_submitted_at_once) {
    client c;
    c.editor.begin_plain("name? ", true);
    EXPECT_EQ(c.feed("if x:\x02\r"), events{submitted{"if x:\n"}});
    EXPECT_EQ(c.screen(), seen{"name? if x:"});
    EXPECT_TRUE(c.past.entries().empty());
    c.editor.begin_plain("", true);
    EXPECT_EQ(c.feed("\r"), events{submitted{"\n"}});
}

TEST(plain_line, has_keys_for_editing_but_no_history) {
    client c;
    c.past.add("old");
    c.editor.begin_plain("? ", true);
    c.type("ab\x1b[A\x12\x01x\t\x0bz\x19");
    EXPECT_EQ(c.block(), "x\tzab|");
}

TEST(plain_line, of_a_paste_takes_the_first) {
    client c;
    c.editor.begin_plain("? ", true);
    EXPECT_EQ(c.feed("\x1b[200~a\rb\x1b[201~c"), events{submitted{"a\n"}});
    c.editor.begin_plain("? ", true);
    EXPECT_EQ(c.block(), "bc|");
}

TEST(plain_line, ends) {
    client c;
    c.editor.begin_plain("? ", true);
    EXPECT_EQ(c.feed("\x04"), events{end_of_input{}});
    c.editor.begin_plain("? ", true);
    EXPECT_EQ(c.feed("x\x03"), events{interrupted{}});
}

TEST(secret_line, is_never_shown) {
    client c;
    c.editor.begin_plain("password: ", false);
    c.show();
    EXPECT_EQ(c.sent, "password: ");
    c.type("secret\x02\x14\x01");
    EXPECT_EQ(c.sent, "");
    c.print("out\n");
    c.resize(40, 10);
    EXPECT_EQ(c.feed("\x05\r"), events{submitted{"secrte\n"}});
    EXPECT_EQ(c.screen(), (seen{"out", "password:"}));
}

TEST(secret_line, leaves_no_traces) {
    client c;
    c.begin();
    c.type("kill\x15");
    c.editor.cancel();
    c.editor.begin_plain("password: ", false);
    c.type("secret\x15\x19other\r");
    c.begin();
    c.type("\x1f\x19");
    EXPECT_EQ(c.block(), "kill|");
    c.type("\x1by");
    EXPECT_EQ(c.block(), "kill|");
    EXPECT_TRUE(c.past.entries().empty());
}

TEST(session, of_two_editors_share_nothing) {
    client a;
    client b;
    a.begin();
    b.begin();
    a.type("abc\x15");
    b.type("x\x1b[");
    a.type("if y:\rz");
    b.type("Dw\x19");
    EXPECT_EQ(a.block(), "if y:\n    z|");
    EXPECT_EQ(b.block(), "w|x");
    EXPECT_EQ(b.screen(), seen{">>> wx"});
}

}  // namespace
}  // namespace backdoor::editor::test
