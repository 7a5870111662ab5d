#include "editor/completion.hpp"

#include <gtest/gtest.h>

#include "client.hpp"

namespace backdoor::editor::test {
namespace {

using seen = std::vector<std::string>;

struct completion : ::testing::Test {
    completion() { c.begin(); }

    void tab(const std::vector<std::string>& candidates, std::size_t replaced) {
        ASSERT_EQ(c.feed("\t"), (events{wants_completion{c.editor.text(), c.editor.cursor()}}));
        EXPECT_EQ(c.editor.complete(candidates, replaced), events{});
        c.show();
    }

    client c;
};

TEST_F(completion, asks) {
    c.type("x = os.pa\x02");
    EXPECT_EQ(c.feed("\t"), (events{wants_completion{"x = os.pa", 8}}));
}

TEST_F(completion, inserts_the_only_candidate) {
    c.type("os.pa)\x02");
    tab({"os.path"}, 5);
    EXPECT_EQ(c.block(), "os.path|)");
}

TEST_F(completion, inserts_what_all_candidates_begin_with) {
    c.type("os.get");
    tab({"os.getpid()", "os.getppid()"}, 6);
    EXPECT_EQ(c.block(), "os.getp|");
    EXPECT_EQ(c.shown.bells(), 0);
}

TEST_F(completion, lists_after_a_second_tab) {
    c.type("os.getp");
    tab({"os.getpid()", "os.getppid()"}, 7);
    EXPECT_EQ(c.shown.bells(), 1);
    EXPECT_EQ(c.screen(), (seen{">>> os.getp"}));
    tab({"os.getpid()", "os.getppid()"}, 7);
    EXPECT_EQ(c.screen(), (seen{">>> os.getp", "os.getpid()   os.getppid()", ">>> os.getp"}));
    EXPECT_EQ(c.shown.cursor_row(), 2);
    c.type("i");
    EXPECT_EQ(c.sent, "i");
}

TEST_F(completion, forgets_the_first_tab_after_another_key) {
    c.type("os.getp");
    tab({"os.getpid()", "os.getppid()"}, 7);
    c.type("\x02\x06");
    tab({"os.getpid()", "os.getppid()"}, 7);
    EXPECT_EQ(c.screen(), (seen{">>> os.getp"}));
}

TEST_F(completion, rings_when_there_is_none) {
    c.type("xyz");
    tab({}, 0);
    EXPECT_EQ(c.shown.bells(), 1);
    EXPECT_EQ(c.block(), "xyz|");
}

TEST_F(completion, never_replaces_more_than_there_is) {
    c.type("ab");
    tab({"abc"}, 1000);
    EXPECT_EQ(c.block(), "abc|");
}

TEST_F(completion, keeps_the_keys_behind_it) {
    EXPECT_EQ(c.feed("le\t('x')"), (events{wants_completion{"le", 2}}));
    c.editor.complete({"len"}, 2);
    EXPECT_EQ(c.block(), "len('x')|");
}

TEST(completion_prefix, is_of_whole_characters) {
    EXPECT_EQ(common_prefix({"\xc3\xa9", "\xc3\xa8"}), "");
    EXPECT_EQ(common_prefix({"a\xc3\xa9", "a\xc3\xa9x"}), "a\xc3\xa9");
    EXPECT_EQ(common_prefix({}), "");
}

TEST(completion_list, is_in_columns) {
    EXPECT_EQ(in_columns({"a", "bb", "c", "d", "e"}, 10, 24), "a   d\r\nbb  e\r\nc\r\n");
    EXPECT_EQ(in_columns({"\xe7\x95\x8c", "x"}, 10, 24), "\xe7\x95\x8c  x\r\n");
    EXPECT_EQ(in_columns({"wider than that", "x"}, 5, 24), "wider than that\r\nx\r\n");
    EXPECT_EQ(in_columns({"\x1b[31m"}, 80, 24), "^[[31m\r\n");
}

TEST(completion_list, fits_the_screen) {
    const std::vector<std::string> many(1000, "xxxxxxxx");
    const std::string list = in_columns(many, 20, 10);
    EXPECT_EQ(std::count(list.begin(), list.end(), '\n'), 8);
    EXPECT_TRUE(list.ends_with("... and 986 more\r\n"));
}

}  // namespace
}  // namespace backdoor::editor::test
