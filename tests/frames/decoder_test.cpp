#include "frames/decoder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace backdoor::frames::test {
namespace {

using namespace std::string_literals;

std::string encoded(type what, std::string_view payload = {}) {
    std::string out;
    append(out, what, payload);
    return out;
}

TEST(a_frame, is_its_type_its_size_and_its_payload) {
    EXPECT_EQ(encoded(type::output, "42\n"), "O\0\0\0\3"s + "42\n");
    EXPECT_EQ(encoded(type::end_of_input), "Z\0\0\0\0"s);
}

TEST(a_frame, becomes_several_where_it_is_too_large) {
    const std::string text(2 * max_payload + 1, 'x');
    decoder one;
    const auto frames = one.receive(encoded(type::source, text));
    ASSERT_EQ(frames.size(), 3u);
    EXPECT_EQ(frames[0].payload.size(), max_payload);
    EXPECT_EQ(frames[0].payload + frames[1].payload + frames[2].payload, text);
}

TEST(a_decoder, gives_the_same_whatever_the_pieces) {
    const auto wire = encoded(type::hello) + encoded(type::source, "print(1)") +
                      encoded(type::run, "kind\0command\0"s) + encoded(type::interrupt);
    const std::vector<frame> expected{{type::hello, ""},
                                      {type::source, "print(1)"},
                                      {type::run, "kind\0command\0"s},
                                      {type::interrupt, ""}};
    for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
        decoder one;
        std::vector<frame> got;
        for (std::size_t at = 0; at < wire.size(); at += piece) {
            for (auto& next : one.receive(std::string_view{wire}.substr(at, piece))) {
                got.push_back(std::move(next));
            }
        }
        EXPECT_EQ(got, expected) << "in pieces of " << piece;
        EXPECT_TRUE(one.idle());
    }
}

TEST(a_decoder, waits_for_the_rest) {
    decoder one;
    EXPECT_TRUE(one.receive("O\0\0\0\2a"s).empty());
    EXPECT_FALSE(one.idle());
    EXPECT_EQ(one.receive("b"), (std::vector<frame>{{type::output, "ab"}}));
}

TEST(a_decoder, refuses_a_frame_that_is_too_large_and_all_behind_it) {
    decoder one;
    const auto before = encoded(type::output, std::string(max_payload, 'x'));
    EXPECT_EQ(one.receive(before + "O\0\1\0\1"s + encoded(type::output, "y")).size(), 1u);
    EXPECT_TRUE(one.failed());
    EXPECT_TRUE(one.receive(encoded(type::output, "z")).empty());
}

TEST(a_window_size, is_four_bytes) {
    EXPECT_EQ(encode({80, 300}), "\0\x50\1\x2c"s);
    window_size size;
    EXPECT_TRUE(decode("\0\x50\1\x2c"s, size));
    EXPECT_EQ(size, (window_size{80, 300}));
    EXPECT_FALSE(decode("\0\x50\1"s, size));
    EXPECT_FALSE(decode("", size));
}

}  // namespace
}  // namespace backdoor::frames::test
