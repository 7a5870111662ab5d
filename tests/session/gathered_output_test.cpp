#include "session/gathered_output.hpp"

#include "a_channel.hpp"

namespace backdoor::test {
namespace {

struct a_gathered_output : testing::Test {
    fake_client client;
    gathered_output output;
};

TEST_F(a_gathered_output, is_one_packet) {
    output.append("a");
    output.append("b");
    EXPECT_EQ(output.unsent(), 2U);
    output.send_to(client);
    EXPECT_EQ(client.received, "ab");
    EXPECT_EQ(client.packets, 1);
    EXPECT_EQ(output.unsent(), 0U);
    output.send_to(client);
    EXPECT_EQ(client.packets, 1);
}

TEST_F(a_gathered_output, keeps_what_its_client_does_not_take_until_it_takes_again) {
    client.room = 3;
    output.append("abcdef");
    output.send_to(client);
    EXPECT_EQ(client.asked_writable, 1);
    client.room = 100;
    output.append("gh");
    output.send_to(client);
    EXPECT_EQ(client.received, "abc");
    EXPECT_EQ(output.unsent(), 5U);
    output.forget_sent();
    EXPECT_EQ(output.unsent(), 5U);
    output.unblock();
    output.send_to(client);
    EXPECT_EQ(client.received, "abcdefgh");
    EXPECT_EQ(client.asked_writable, 1);
}

TEST_F(a_gathered_output, goes_nowhere_once_its_client_is_gone) {
    client.gone = true;
    output.append("lost");
    output.send_to(client);
    EXPECT_EQ(output.unsent(), 0U);
}

TEST_F(a_gathered_output, is_encoded_but_for_the_protocol) {
    output.encode_for_telnet();
    output.append("a\n\xff");
    output.append_protocol("\xff\xf1");
    output.send_to(client);
    EXPECT_EQ(client.received, "a\r\n\xff\xff\xff\xf1");
}

TEST_F(a_gathered_output, tells_errors_apart_in_frames) {
    output.encode_as_frames();
    output.append("");
    output.append("out");
    output.append("error", sink::error);
    output.append_frame(frames::type::wants_input);
    output.send_to(client);
    std::string expected;
    frames::append(expected, frames::type::output, "out");
    frames::append(expected, frames::type::error_output, "error");
    frames::append(expected, frames::type::wants_input);
    EXPECT_EQ(client.received, expected);
}

TEST_F(a_gathered_output, copies_no_large_text_where_nothing_is_before_it) {
    const std::string large(gathered_output::worth_sending, 'x');
    EXPECT_EQ(output.send_uncopied(client, large.substr(1)), 0U);
    EXPECT_EQ(output.send_uncopied(client, large), large.size());
    client.room = 10;
    EXPECT_EQ(output.send_uncopied(client, large), 10U);
    output.append("before");
    EXPECT_EQ(output.send_uncopied(client, large), 0U);
    EXPECT_EQ(output.unsent(), 6U);
    output.drop();
    output.encode_for_telnet();
    client.room = 100'000;
    EXPECT_EQ(output.send_uncopied(client, large), 0U);
    EXPECT_EQ(client.received, std::string(large.size() + 10, 'x'));
}

}  // namespace
}  // namespace backdoor::test
