#include "session/input_queue.hpp"

#include <gtest/gtest.h>

#include <string>

namespace backdoor {
namespace {

std::string next(input_queue& input) {
    std::string line;
    return input.take_line(line) ? line : "none";
}

TEST(input_queue, gives_whole_lines_only) {
    input_queue input{100};
    input.push("one\ntw");
    EXPECT_EQ(next(input), "one\n");
    EXPECT_EQ(next(input), "none");
    input.push("o\n");
    EXPECT_EQ(next(input), "two\n");
    EXPECT_TRUE(input.empty());
}

TEST(input_queue, gives_a_last_line_as_it_is) {
    input_queue input{100};
    input.push("one\n");
    input.push_end("two");
    EXPECT_TRUE(input.has_ended());
    EXPECT_EQ(next(input), "one\n");
    EXPECT_FALSE(input.is_over());
    EXPECT_EQ(next(input), "two");
    EXPECT_TRUE(input.is_over());
    EXPECT_EQ(next(input), "none");
}

TEST(input_queue, has_room_again_when_half_has_been_taken) {
    input_queue input{20};
    input.push("0123456\n0123456\n");
    EXPECT_FALSE(input.is_full());
    input.push("0123456\n");
    EXPECT_TRUE(input.is_full());
    next(input);
    EXPECT_FALSE(input.make_room());
    EXPECT_TRUE(input.is_full());
    next(input);
    EXPECT_TRUE(input.make_room());
    EXPECT_FALSE(input.make_room());
    EXPECT_FALSE(input.is_full());
}

TEST(input_queue, has_room_again_when_all_is_taken_or_dropped) {
    for (const bool taken : {true, false}) {
        input_queue input{1};
        input.push("line\n");
        EXPECT_TRUE(input.is_full());
        taken ? void(input.take_all()) : input.drop();
        EXPECT_TRUE(input.make_room());
    }
}

TEST(input_queue, forgets_what_has_been_taken_of_much) {
    input_queue input{100'000};
    for (int i = 0; i < 1000; ++i) {
        input.push(std::to_string(i) + "\n");
    }
    for (int i = 0; i < 900; ++i) {
        EXPECT_EQ(next(input), std::to_string(i) + "\n");
    }
    input.push("more\n");
    input.skip_lines(99);
    EXPECT_EQ(input.take_all(), "999\nmore\n");
    EXPECT_EQ(next(input), "none");
}

TEST(input_queue, shows_lines_up_to_an_empty_one) {
    input_queue input{100};
    input.push("before\na\nb\n\nc\n\f\nd\n");
    next(input);
    std::string block;
    EXPECT_EQ(input.peek_block(block), 3U);
    EXPECT_EQ(block, "a\nb\n\n");
    input.skip_lines(3);
    block.clear();
    EXPECT_EQ(input.peek_block(block), 2U);
    EXPECT_EQ(block, "c\n\f\n");
    input.skip_lines(2);
    EXPECT_EQ(next(input), "d\n");
}

}  // namespace
}  // namespace backdoor
