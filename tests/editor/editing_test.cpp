// The keys, one by one.

#include <gtest/gtest.h>

#include "client.hpp"

namespace backdoor::editor::test {
namespace {

std::string after(std::string_view typed) {
    client c;
    c.begin();
    c.type(typed);
    return c.block();
}

TEST(editing, inserts_what_is_typed) {
    EXPECT_EQ(after("ab\x02"
                    "c"),
              "ac|b");
    EXPECT_EQ(after("\xc3\xa9\xff"), "\xc3\xa9\xff|");
}

TEST(editing, moves_by_characters_as_people_count_them) {
    EXPECT_EQ(after("abc\x02\x02"), "a|bc");
    EXPECT_EQ(after("abc\x01\x06"), "a|bc");
    EXPECT_EQ(after("abc\x1b[D\x1b[D\x1b[C"), "ab|c");
    EXPECT_EQ(after("xe\xcc\x81\x02"), "x|e\xcc\x81");
    EXPECT_EQ(after("x\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb\x02\x02"),
              "|x\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb");
}

TEST(editing, moves_to_the_ends_of_the_line) {
    EXPECT_EQ(after("abc\x01"), "|abc");
    EXPECT_EQ(after("abc\x01\x05"), "abc|");
    EXPECT_EQ(after("abc\x1b[1~"), "|abc");
    EXPECT_EQ(after("abc\x1bOH\x1b[8~"), "abc|");
    EXPECT_EQ(after("if x:\ry\x01"), "if x:\n|    y");
}

TEST(editing, moves_by_words) {
    EXPECT_EQ(after("one two_2 (three)\x1b"
                    "b\x1b"
                    "b"),
              "one |two_2 (three)");
    EXPECT_EQ(after("one two\x01\x1b"
                    "f"),
              "one| two");
    EXPECT_EQ(after("one two\x1b[1;5D\x1b[1;5D\x1b[1;5C"), "one| two");
    EXPECT_EQ(after("caf\xc3\xa9s x\x1b"
                    "b\x1b"
                    "b"),
              "|caf\xc3\xa9s x");
}

TEST(editing, erases) {
    EXPECT_EQ(after("abc\x7f"), "ab|");
    EXPECT_EQ(after("abc\x08\x08"), "a|");
    EXPECT_EQ(after("abc\x01\x04"), "|bc");
    EXPECT_EQ(after("abc\x02\x1b[3~"), "ab|");
    EXPECT_EQ(after("xe\xcc\x81\x7f"), "x|");
    EXPECT_EQ(after("a\xff\xfe\x7f"), "a\xff|");
}

TEST(editing, kills_and_yanks) {
    EXPECT_EQ(after("one two\x01\x0b"), "|");
    EXPECT_EQ(after("one two\x01\x0b\x19\x19"), "one twoone two|");
    EXPECT_EQ(after("one two\x02\x15"), "|o");
    EXPECT_EQ(after("one two(x) \x17"), "one |");
    EXPECT_EQ(after("one two(x)\x1b\x7f"), "one two(|");
    EXPECT_EQ(after("one two\x01\x1b"
                    "d"),
              "| two");
}

TEST(editing, kills_line_ends_too) { EXPECT_EQ(after("if x:\ry\x1b[A\x05\x0b"), "if x:|    y"); }

TEST(editing, joins_kills_in_a_row) {
    EXPECT_EQ(after("one two three\x17\x17.\x19"), "one .two three|");
    EXPECT_EQ(after("one two\x01\x1b"
                    "d\x1b"
                    "d\x19"),
              "one two|");
    EXPECT_EQ(after("one two\x17\x02\x06\x17\x19"), "one |");
}

TEST(editing, yanks_older_kills) {
    EXPECT_EQ(after("one\x15two\x15\x19\x1by"), "one|");
    EXPECT_EQ(after("one\x15two\x15\x19\x1by\x1by"), "two|");
    EXPECT_EQ(after("one\x15two\x15\x19 \x1by"), "two |");
}

TEST(editing, transposes) {
    EXPECT_EQ(after("abc\x14"), "acb|");
    EXPECT_EQ(after("abc\x02\x02\x14"), "ba|c");
    EXPECT_EQ(after("a\xe7\x95\x8c\x14"),
              "\xe7\x95\x8c"
              "a|");
    EXPECT_EQ(after("a\x14"), "a|");
    EXPECT_EQ(after("one, two\x1bt"), "two, one|");
    EXPECT_EQ(after("one two three\x1b"
                    "b\x02\x1bt"),
              "one three two|");
}

TEST(editing, changes_case) {
    EXPECT_EQ(after("\xc3\xa9t\xc3\xa9 x\x01\x1bu"), "\xc3\x89T\xc3\x89| x");
    EXPECT_EQ(after("ONE x\x01\x1bl"), "one| x");
    EXPECT_EQ(after("oNE tWO\x01\x1b"
                    "c\x1b"
                    "c"),
              "One Two|");
}

TEST(editing, undoes) {
    EXPECT_EQ(after("one two\x17\x1f"), "one two|");
    EXPECT_EQ(after("one\x01x\x18\x15"), "|one");
    EXPECT_EQ(after("one\x1f\x1f"), "|");
    EXPECT_EQ(after("abc\x15"
                    "de\x1f\x1f"),
              "abc|");
    EXPECT_EQ(after("if x:\r\x1f"), "if x:|");
    EXPECT_EQ(after("a\x1b[200~b\nc\x1b[201~\x1f"), "a|");
}

TEST(editing, undoes_typing_in_pieces) {
    const std::string text(50, 'x');
    client c;
    c.begin();
    for (const char& letter : text)
        c.type({&letter, 1});
    c.type("\x1f");
    EXPECT_EQ(c.editor.text().size(), 40u);
}

TEST(editing, quotes) {
    EXPECT_EQ(after("\x16\x03"), "\x03|");
    EXPECT_EQ(after("a\x11\x1b"
                    "b"),
              "a\x1b"
              "b|");
    EXPECT_EQ(after("\x16\t"), "\t|");
}

TEST(editing, rings_when_there_is_nothing_to_do) {
    for (const std::string_view key : {"\x7f", "\x02", "\x06", "\x0b", "\x15", "\x17", "\x19",
                                       "\x14", "\x1f", "\x07", "\x1b[A", "\x1b[B",
                                       "\x1b"
                                       "d"}) {
        client c;
        c.begin();
        c.type(key);
        EXPECT_EQ(c.shown.bells(), 1) << std::string(key.substr(1));
        EXPECT_EQ(c.block(), "|");
    }
}

TEST(editing, swallows_unknown_keys) {
    EXPECT_EQ(after("a\x1b[19~\x1b[15;2~\x1b[I\x1b[M !!\x1bOP\x1bqb"), "ab|");
}

TEST(editing, refuses_what_exceeds_the_limit) {
    settings small;
    small.max_block = 10;
    client c(small);
    c.begin();
    c.type("12345678");
    c.type("\x1b[200~abc\x1b[201~");
    EXPECT_EQ(c.block(), "12345678|");
    c.type("\x1b[200~abcdefghijklmnopq\x1b[201~");
    EXPECT_EQ(c.block(), "12345678|");
    EXPECT_EQ(c.shown.bells(), 2);
    c.type("ab\x15\x19\x19");
    EXPECT_EQ(c.block(), "12345678ab|");
    EXPECT_EQ(c.shown.bells(), 3);
}

TEST(kill_ring_limits, hold) {
    kill_ring ring;
    for (int i = 0; i < 100; ++i)
        ring.add(std::string(1u << 20, static_cast<char>('a' + i % 26)),
                 kill_ring::direction::forward, i % 3 == 0);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < kill_ring::max_entries; ++i) {
        bytes = std::max(bytes, ring.current().size());
        ring.rotate();
    }
    EXPECT_LE(bytes, kill_ring::max_bytes);
    ring.add(std::string(kill_ring::max_bytes + 1, 'x'), kill_ring::direction::forward, false);
    EXPECT_NE(ring.current().front(), 'x');
}

TEST(undo_limits, hold) {
    undo_log log;
    for (std::size_t i = 0; i < 20; ++i)
        log.add({0, 0, std::string(1u << 20, 'x'), 0, false});
    std::size_t bytes = 0;
    while (const std::optional<change> one = log.take())
        bytes += one->removed.size();
    EXPECT_LE(bytes, undo_log::max_bytes);
    EXPECT_GE(bytes, undo_log::max_bytes - (1u << 20));
}

}  // namespace
}  // namespace backdoor::editor::test
