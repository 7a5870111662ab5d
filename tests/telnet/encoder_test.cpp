#include "telnet/encoder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "telnet/codec.hpp"

namespace backdoor::telnet::test {
namespace {

std::string encode(std::initializer_list<std::string_view> calls) {
    encoder e;
    std::string out;
    for (const std::string_view call : calls)
        e.encode(call, out);
    return out;
}

TEST(telnet_encoder, makes_cr_lf_of_lf) {
    EXPECT_EQ(encode({"a\nb\n\nc"}), "a\r\nb\r\n\r\nc");
    EXPECT_EQ(encode({"\n"}), "\r\n");
    EXPECT_EQ(encode({""}), "");
}

TEST(telnet_encoder, leaves_cr_lf_and_cr_alone) {
    EXPECT_EQ(encode({"a\r\nb\r\r\nc\rd"}), "a\r\nb\r\r\nc\rd");
}

TEST(telnet_encoder, remembers_a_cr_across_calls) {
    EXPECT_EQ(encode({"a\r", "\nb"}), "a\r\nb");
    EXPECT_EQ(encode({"a\r", "", "\n", "\n"}), "a\r\n\r\n");
    EXPECT_EQ(encode({"a\r", "b", "\n"}), "a\rb\r\n");
}

TEST(telnet_encoder, doubles_iac) {
    EXPECT_EQ(encode({"\xff"}), "\xff\xff");
    EXPECT_EQ(encode({"a\xff\xff\nb\xff"}), "a\xff\xff\xff\xff\r\nb\xff\xff");
    EXPECT_EQ(encode({"\xff", "\xff"}), "\xff\xff\xff\xff");
}

TEST(telnet_encoder, leaves_utf8_alone) {
    EXPECT_EQ(encode({"é 世界 \xf0\x9f\x98\x80"}), "é 世界 \xf0\x9f\x98\x80");
}

TEST(telnet_encoder, appends) {
    encoder e;
    std::string out = "x";
    e.encode("\n", out);
    EXPECT_EQ(out, "x\r\n");
}

// Every text of six bytes, against the rule written as a loop, in one call and in two.
TEST(telnet_encoder, agrees_with_the_rule) {
    constexpr std::string_view alphabet = "\r\n\xff!";
    std::string text(6, ' ');
    for (unsigned n = 0; n < 4096; ++n) {
        for (unsigned i = 0; i < text.size(); ++i)
            text[i] = alphabet[n >> (2 * i) & 3];
        std::string expected;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
                expected += '\r';
            if (text[i] == '\xff')
                expected += '\xff';
            expected += text[i];
        }
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            const std::string_view view = text;
            ASSERT_EQ(encode({view.substr(0, cut), view.substr(cut)}), expected);
        }
    }
}

TEST(telnet_encoder, serves_the_codec_once_the_peer_is_telnet) {
    codec c;
    EXPECT_EQ(c.encode("a\n\xff"), "a\n\xff");
    c.receive("\xff\xf1");
    EXPECT_EQ(c.encode("a\n\xff\r"), "a\r\n\xff\xff\r");
    std::string out = ">";
    c.encode("\n", out);
    EXPECT_EQ(out, ">\n");
}

}  // namespace
}  // namespace backdoor::telnet::test
