// Who is asked whether it is telnet, when, and in which bytes.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <string>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

using namespace std::string_literals;

// WILL ECHO, WILL SUPPRESS-GO-AHEAD, DO NAWS, hidden in a string that terminals ignore; then the
// line is erased, and the prompt is there again.
const std::string question = "\x1b_\xff\xfb\x01\xff\xfb\x03\xff\xfd\x1f\x1b\\\r\x1b[K>>> ";
const std::string answer = "\xff\xfd\x01\xff\xfd\x03\xff\xfb\x1f\xff\xfa\x1f\0\x50\0\x18\xff\xf0"s;

// Longer than a client may be silent before it is asked.
constexpr auto a_while = 600ms;

class telnet_question : public testing::Test {
protected:
    server open(telnet_mode how, const std::string& address = "127.0.0.1:0") {
        options chosen;
        chosen.log = log.writer();
        chosen.telnet = how;
        return server{address, {}, chosen};
    }

    log_book log;
};

TEST_F(telnet_question, comes_behind_the_prompt_and_once) {
    const auto door = open(telnet_mode::automatic);
    client silent{door.address()};
    const auto greeting = silent.read_until(prompt);
    EXPECT_EQ(greeting.find('\xff'), std::string::npos);
    EXPECT_EQ(greeting.find('\x1b'), std::string::npos);
    EXPECT_EQ(silent.read_until(question), question);
    EXPECT_EQ(silent.read_for(a_while), "");
    EXPECT_EQ(silent.run("6 * 7"), "42\n");
}

TEST_F(telnet_question, is_not_for_scripts_which_write_when_they_have_read) {
    const auto door = open(telnet_mode::automatic);
    for (int attempt = 0; attempt < 20; ++attempt) {
        client script{door.address()};
        const auto connected = clock::now();
        script.greeted();
        script.send("6 * 7\n");
        if (clock::now() - connected > 100ms) {
            continue;  // on a busy machine a script may be as slow as a person
        }
        EXPECT_EQ(script.read_until(prompt), "42\n>>> ");
        EXPECT_EQ(script.read_for(a_while), "");
        script.send("x = 1\n");
        script.half_close();
        EXPECT_EQ(script.read_to_end(), ">>> \nnow exiting InteractiveConsole...\n");
        return;
    }
    GTEST_SKIP() << "this machine is too busy for a script";
}

TEST_F(telnet_question, is_not_for_who_writes_at_once) {
    const auto door = open(telnet_mode::automatic);
    client script{door.address()};
    script.send("import time; time.sleep(.5)\n");
    script.greeted();
    EXPECT_EQ(script.read_until(prompt), prompt);
    EXPECT_EQ(script.read_for(a_while), "");
}

TEST_F(telnet_question, is_not_for_unix_sockets) {
    const scratch_directory scratch;
    const auto door = open(telnet_mode::automatic, scratch / "door");
    client silent{door.address()};
    silent.greeted();
    EXPECT_EQ(silent.read_for(a_while), "");
}

TEST_F(telnet_question, is_not_asked_where_it_never_is) {
    const auto door = open(telnet_mode::never);
    client silent{door.address()};
    silent.greeted();
    EXPECT_EQ(silent.read_for(a_while), "");
}

TEST_F(telnet_question, is_asked_openly_and_at_once_where_it_always_is) {
    const auto door = open(telnet_mode::always);
    client telnet{door.address()};
    telnet.read_until("\xff\xfb\x01\xff\xfb\x03\xff\xfd\x1f");
    telnet.send(answer);
    telnet.send(
        "13\x02"
        "2\r");
    telnet.read_until("123\r\n");
}

TEST_F(telnet_question, may_be_answered_late) {
    const auto door = open(telnet_mode::automatic);
    client far_away{door.address()};
    far_away.read_until(question);
    EXPECT_EQ(far_away.read_for(a_while), "");
    far_away.send(answer);
    far_away.read_until("\xff\xfd\x18");  // DO TERMINAL-TYPE
    far_away.read_until(prompt);
    far_away.send("\xff\xfb\x18");
    far_away.read_until("\xff\xfa\x18\x01\xff\xf0");
    far_away.send("\xff\xfa\x18\0VT100\xff\xf0"s);
    far_away.send(
        "13\x02"
        "2\r");
    far_away.read_until("123\r\n");
}

}  // namespace
}  // namespace backdoor::test
