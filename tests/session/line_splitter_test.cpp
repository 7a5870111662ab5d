#include "session/line_splitter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/growth.hpp"

namespace backdoor::test {
namespace {

using stop = line_splitter::stop;

/// Everything that a splitter tells, in order, when its input comes in these pieces.
std::string told(line_splitter& splitter, const std::vector<std::string>& pieces) {
    std::string all;
    for (const std::string_view piece : pieces) {
        auto rest = piece;
        do {
            std::string lines;
            const auto stopped = splitter.receive(rest, lines);
            all += lines;
            if (stopped == stop::interrupt) {
                all += "<interrupt>";
            } else if (stopped == stop::end) {
                all += "<end>";
            } else if (stopped == stop::too_long) {
                all += "<too long>";
            }
        } while (!rest.empty());
    }
    return all;
}

std::string told(const std::vector<std::string>& pieces, std::size_t max_line = 100) {
    line_splitter splitter{max_line};
    return told(splitter, pieces);
}

TEST(line_splitter, cuts_at_newlines) {
    EXPECT_EQ(told({"a\nbc\n\nd\n"}), "a\nbc\n\nd\n");
}

TEST(line_splitter, keeps_what_has_no_newline_yet) {
    line_splitter splitter{100};
    EXPECT_EQ(told(splitter, {"a\nbc"}), "a\n");
    EXPECT_EQ(splitter.take_rest(), "bc");
    EXPECT_EQ(splitter.take_rest(), "");
}

TEST(line_splitter, takes_cr_lf_for_a_newline) {
    EXPECT_EQ(told({"a\r\n\r\nb\r\n"}), "a\n\nb\n");
    EXPECT_EQ(told({"a\rb\n"}), "a\rb\n");
}

TEST(line_splitter, tells_the_same_wherever_its_input_is_split) {
    const std::string input = "one\r\ntwo\n\x03three\n\r\nfour\x03" "five\n\x04six\n";
    const auto whole = told({input});
    EXPECT_EQ(whole, "<interrupt><interrupt>five\n<end>six\n");
    for (std::size_t i = 0; i <= input.size(); ++i) {
        const auto parts = told({input.substr(0, i), input.substr(i)});
        // What waits when Ctrl-C comes is dropped; what was delivered before it is not.
        EXPECT_TRUE(parts.ends_with("<interrupt>five\n<end>six\n")) << i << ": " << parts;
    }
    std::vector<std::string> bytes;
    for (const char c : std::string{"one\r\ntwo\n\r\nthree\n"}) {
        bytes.emplace_back(1, c);
    }
    EXPECT_EQ(told(bytes), "one\ntwo\n\nthree\n");
}

TEST(line_splitter, drops_what_came_before_ctrl_c) {
    EXPECT_EQ(told({"a\nb\x03"}), "<interrupt>");
    EXPECT_EQ(told({"\x03\x03"}), "<interrupt><interrupt>");
    EXPECT_EQ(told({"begun\x03", "next\n"}), "<interrupt>next\n");
}

TEST(line_splitter, takes_ctrl_d_for_the_end_only_alone_on_a_line) {
    EXPECT_EQ(told({"\x04"}), "<end>");
    EXPECT_EQ(told({"a\n\x04"}), "a\n<end>");
    EXPECT_EQ(told({"ab\x04" "c\n"}), "abc\n");
}

TEST(line_splitter, refuses_a_line_that_is_too_long_and_takes_the_next) {
    EXPECT_EQ(told({std::string(11, 'x'), "xx\nnext\n"}, 10), "<too long>next\n");
    EXPECT_EQ(told({std::string(10, 'x'), "\nnext\n"}, 10), "xxxxxxxxxx\nnext\n");
}

TEST(line_splitter, refuses_a_line_that_is_too_long_though_it_came_at_once) {
    EXPECT_EQ(told({std::string(11, 'x') + "\nnext\n"}, 10), "<too long>next\n");
}

TEST(line_splitter, tells_of_a_long_line_once) {
    EXPECT_EQ(told({std::string(11, 'x'), std::string(1000, 'x'), std::string(1000, 'x') + "\n"},
                   10),
              "<too long>");
}

TEST(line_splitter, takes_ctrl_c_in_a_line_that_is_too_long) {
    EXPECT_EQ(told({std::string(11, 'x'), "xx\x03next\n"}, 10), "<too long><interrupt>next\n");
}

TEST(line_splitter, takes_time_by_the_size_alone_of_what_it_is_full_of) {
    for (const std::string piece : {"\x03", "\x04", "\n", "x", "x\x03"}) {
        const auto flood = [&](std::size_t size) {
            std::string text;
            while (text.size() < size) {
                text += piece;
            }
            line_splitter splitter{1'000'000};
            told(splitter, {text});
        };
        EXPECT_LT(growth_of(flood, 20'000), most_growth) << testing::PrintToString(piece);
    }
}

}  // namespace
}  // namespace backdoor::test
