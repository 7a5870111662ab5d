#include <gtest/gtest.h>

#include "client.hpp"

namespace backdoor::editor::test {
namespace {

using seen = std::vector<std::string>;

struct search : ::testing::Test {
    search() {
        for (const char* block : {"import os", "print(os)", "if a:\n    os.x()", "len(a)"})
            c.past.add(block);
        c.begin();
    }
    client c;
};

TEST_F(search, finds_while_one_types) {
    c.type("\x12");
    EXPECT_EQ(c.screen(), (seen{"(r-search `')"}));
    c.type("o");
    EXPECT_EQ(c.screen(), (seen{"(r-search `o') if a:", "...     os.x()"}));
    EXPECT_EQ(c.shown.cursor_row(), 1);
    EXPECT_EQ(c.shown.cursor_column(), 8);
    c.type("s)");
    EXPECT_EQ(c.screen(), (seen{"(r-search `os)') print(os)"}));
    c.type("\x05");
    EXPECT_EQ(c.block(), "print(os)|");
    EXPECT_EQ(c.screen(), (seen{">>> print(os)"}));
}

TEST_F(search, goes_on_to_older_and_newer) {
    c.type("\x12os\x12");
    EXPECT_EQ(c.screen(), (seen{"(r-search `os') print(os)"}));
    c.type("\x12");
    EXPECT_EQ(c.screen(), (seen{"(r-search `os') import os"}));
    c.type("\x12");
    EXPECT_EQ(c.screen(), (seen{"(failed r-search `os') import os"}));
    EXPECT_EQ(c.shown.bells(), 1);
    c.type("\x13");
    EXPECT_EQ(c.screen(), (seen{"(i-search `os') print(os)"}));
}

TEST_F(search, takes_back) {
    c.type("\x12os\x12\x12\x7f");
    EXPECT_EQ(c.screen(), (seen{"(r-search `os') print(os)"}));
    c.type("\x7f\x7f\x7f\x7f");
    EXPECT_EQ(c.screen(), (seen{"(r-search `')"}));
}

TEST_F(search, aborts) {
    c.type("draft\x02\x12os\x07");
    EXPECT_EQ(c.block(), "draf|t");
    EXPECT_EQ(c.screen(), (seen{">>> draft"}));
}

TEST_F(search, ends_by_any_key_which_does_what_it_does) {
    c.type(
        "\x12os)\x01"
        "x");
    EXPECT_EQ(c.block(), "x|print(os)");
    c.type("\x15\x0b\x12len");
    EXPECT_EQ(c.type("\r"), events{submitted{"len(a)\n"}});
    c.begin();
    c.type("\x12len\x1f");
    EXPECT_EQ(c.block(), "|");
}

TEST_F(search, repeats_the_last_one) {
    c.type("\x12os)\x05\x15\x12\x12");
    EXPECT_EQ(c.screen(), (seen{"(r-search `os)') print(os)"}));
}

TEST_F(search, can_be_interrupted) { EXPECT_EQ(c.type("\x12os\x03"), events{interrupted{}}); }

TEST_F(search, shows_what_it_looks_for_safely) {
    c.type("\x12\x16\x1b\x16\n\xff");
    EXPECT_EQ(c.screen(), (seen{"(failed r-search `^[^J\xef\xbf\xbd')"}));
}

TEST_F(search, is_bounded) {
    c.type("\x12" + std::string(2000, 'x'));
    for (int i = 0; i < 3000; ++i)
        c.editor.feed("\x12");
    c.type("\x07");
    EXPECT_EQ(c.block(), "|");
}

}  // namespace
}  // namespace backdoor::editor::test
