// Bytes that are hard to read: long ones, odd ones, ones that come in pieces.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

class bytes_at_the_prompt : public testing::Test {
protected:
    const host h;
    client one{h.greeted_client()};
};

TEST_F(bytes_at_the_prompt, may_be_utf8) {
    EXPECT_EQ(one.run("'h\u00e9\u20ac\U0001f600'"), "'h\u00e9\u20ac\U0001f600'\n");
    EXPECT_EQ(one.run("len('h\u00e9\u20ac\U0001f600')"), "4\n");
}

TEST_F(bytes_at_the_prompt, may_be_utf8_that_is_cut_anywhere) {
    // TCP_NODELAY: each byte is a packet of its own.
    const int on = 1;
    setsockopt(one.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (const char byte : std::string{"len('\u20ac\U0001f600')\n"}) {
        one.send({&byte, 1});
    }
    EXPECT_EQ(one.read_until(prompt), "2\n>>> ");
}

TEST_F(bytes_at_the_prompt, that_are_no_utf8_are_a_syntax_error) {
    one.send("'\xe9'\n");
    const auto shown = one.read_until(prompt);
    EXPECT_NE(shown.find("SyntaxError: (unicode error) 'utf-8' codec can't decode byte 0xe9"),
              std::string::npos)
        << shown;
    EXPECT_EQ(one.run("'alive'"), "'alive'\n");
}

TEST_F(bytes_at_the_prompt, that_are_no_utf8_arrive_in_input_as_they_are) {
    one.send("text = input()\n\xe9\n");
    one.read_until(prompt);
    EXPECT_EQ(one.run("text"), "'\\udce9'\n");
    EXPECT_EQ(one.run("print(text)"), "\xe9\n");
}

TEST_F(bytes_at_the_prompt, may_be_nul) {
    one.run("1");  // as the first line it would be taken for another protocol
    one.send(std::string_view{"'a\0b'\n", 6});
    EXPECT_EQ(one.read_until(prompt), "SyntaxError: source code cannot contain null bytes\n>>> ");
    EXPECT_EQ(one.run("'alive'"), "'alive'\n");
}

TEST_F(bytes_at_the_prompt, may_be_a_line_of_a_megabyte) {
    one.send("len('" + std::string(1024 * 1024, 'x') + "')\n");
    EXPECT_EQ(one.read_until(prompt), "1048576\n>>> ");
}

TEST_F(bytes_at_the_prompt, may_be_shown_by_the_megabyte) {
    one.send("'x' * 5_000_000\n");
    EXPECT_EQ(one.read_until(prompt).size(), 5'000'000U + 3 + prompt.size());
}

TEST_F(bytes_at_the_prompt, come_in_order_in_many_lines) {
    std::string lines;
    for (int i = 0; i < 3000; ++i) {
        lines += "n = " + std::to_string(i) + "\n";
    }
    one.send(lines + "'last', n\n");
    EXPECT_TRUE(one.read_until("('last', 2999)\n>>> ").find("Error") == std::string::npos);
}

// ---- limits -----------------------------------------------------------------------------------

class small_limits : public testing::Test {
protected:
    static options small() {
        options choices;
        choices.max_input = 1000;
        choices.max_output = 1000;
        return choices;
    }
    const host h{{}, small()};
    client one{h.greeted_client()};
    // More than what is received at once.
    const std::string too_long = "x = '" + std::string(200'000, 'y') + "'\n";
    const std::string refusal =
        "backdoor: a line of more than 1000 bytes was dropped (options.max_input)\n";
};

TEST_F(small_limits, refuse_a_long_line_and_keep_the_client) {
    EXPECT_EQ(one.run("1"), "1\n");
    one.send(too_long);
    EXPECT_EQ(one.read_until(prompt), refusal + ">>> ");
    EXPECT_EQ(one.run("2"), "2\n");
}

TEST_F(small_limits, refuse_a_long_first_line_and_keep_the_client) {
    one.send(too_long);
    EXPECT_EQ(one.read_until(prompt), refusal + ">>> ");
    EXPECT_EQ(one.run("2"), "2\n");
}

TEST_F(small_limits, make_a_client_wait_that_sends_more_than_is_taken) {
    std::string lines;
    for (int i = 0; i < 5000; ++i) {
        lines += "n = " + std::to_string(i) + "\n";
    }
    one.send(lines + "'last', n\n");
    EXPECT_TRUE(one.read_until("('last', 4999)\n>>> ").find("Error") == std::string::npos);
}

TEST_F(small_limits, make_a_console_wait_whose_client_takes_nothing) {
    auto other = h.greeted_client();
    one.send("for i in range(20000): print('x' * 1000)\n\n");
    one.read_until("xxx\n");
    // It fills what the kernel keeps and then waits, alone.
    EXPECT_EQ(other.run("'alive'"), "'alive'\n");
    const auto shown = one.read_until(prompt);
    EXPECT_GT(shown.size(), 19'000'000U);
    EXPECT_EQ(one.run("'alive'"), "'alive'\n");
}

}  // namespace
}  // namespace backdoor::test
