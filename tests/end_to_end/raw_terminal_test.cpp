// Clients that put their terminal into raw mode and are no telnet, such as `socat -,raw,echo=0`.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

class raw_terminal : public testing::Test {
protected:
    options choices() {
        options chosen;
        chosen.log = log.writer();
        return chosen;
    }

    log_book log;
    const scratch_directory scratch;
    // A unix socket's clients are not asked whether they are telnet.
    const server door{scratch / "door", {}, choices()};
    client one{door.address()};
};

TEST_F(raw_terminal, gets_an_editor_with_its_first_enter) {
    one.greeted();
    for (const char* key : {"6", "*", "7", "\r"}) {
        one.send(key);
    }
    EXPECT_TRUE(one.read_until("42\r\n").find("6*7") != std::string::npos);
    one.read_until(prompt);
    one.send("abc");
    one.read_until("abc");
    one.send("\x7f\x7f\x7f" "8 * 7\r");
    one.read_until("56\r\n");
}

TEST_F(raw_terminal, is_none_where_lines_come_whole) {
    one.greeted();
    one.send("'more than a key'\r");
    EXPECT_EQ(one.read_for(400ms), "");
    EXPECT_EQ(one.run(""), "'more than a key'\n");
    one.send("6 * 7\r\n");
    EXPECT_EQ(one.read_before(prompt), "42\n");
}

TEST_F(raw_terminal, is_none_of_another_protocol) {
    one.greeted();
    try {
        for (const char* key : {"SSH-", "2.0-x", "\r"}) {
            one.send(key);
        }
        EXPECT_EQ(one.read_to_end(), "");
    } catch (const std::runtime_error&) {
        // Closed before it had sent all.
    }
    EXPECT_TRUE(log.wait_for_part("it speaks SSH"));
}

}  // namespace
}  // namespace backdoor::test
