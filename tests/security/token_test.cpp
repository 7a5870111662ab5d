// options.token: right, wrong, late, and guessed at.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "support/attempts.hpp"
#include "support/host.hpp"

namespace backdoor::test {
namespace {

constexpr const char* guessers = "clients with wrong tokens";
const std::string right = "0123456789abcdef0123456789abcdef";

options with_token(std::chrono::milliseconds limit = 20s) {
    options choices;
    choices.token = right;
    choices.login_limit = limit;
    return choices;
}

TEST(token, is_asked_for_before_anything_else) {
    const host h{{}, with_token()};
    client one{h.door.address()};
    EXPECT_EQ(one.read_until("token: "), "token: ");
    EXPECT_EQ(one.read_for(50ms), "");
    one.send(right + "\n");
    EXPECT_TRUE(one.read_until(prompt).starts_with("Python "));
    EXPECT_EQ(one.run("6 * 7"), "42\n");
}

TEST(token, may_come_with_what_is_to_be_run) {
    const host h{{}, with_token()};
    client one{h.door.address()};
    one.send(right + "\r\n6 * 7\n");
    one.half_close();
    EXPECT_NE(one.read_to_end().find("42\n"), std::string::npos);
}

TEST(token, that_is_wrong_runs_nothing_and_is_told_so_late) {
    std::atomic<int> calls = 0;
    locals names;
    names.function("attack", [&] { return ++calls; });
    const host h{names, with_token()};
    for (const auto& guess : {right.substr(1), right + "0", std::string{}, std::string(32, 'x')}) {
        client one{h.door.address()};
        const auto begin = clock::now();
        one.send(guess + "\nattack()\n" + right + "\nattack()\n");
        try {
            EXPECT_EQ(one.read_to_end(), "token: backdoor: wrong token\n");
        } catch (const std::runtime_error&) {
            // Reset, with what it had sent unread.
        }
        EXPECT_GE(clock::now() - begin, 900ms);
    }
    EXPECT_EQ(calls, 0);
    count_attempts(guessers, 4, calls);
}

// ---- telnet, on a terminal ------------------------------------------------------------------------

constexpr std::string_view character_mode = "\xff\xfd\x01\xff\xfd\x03\xff\xfb\x18\xff\xfb\x1f";
constexpr std::string_view interrupt_process = "\xff\xf4";

options with_token_for_telnet() {
    auto choices = with_token();
    choices.telnet = telnet_mode::always;
    return choices;
}

TEST(token, is_asked_of_a_terminal_before_it_can_do_anything) {
    std::atomic<int> calls = 0;
    locals names;
    names.function("attack", [&] { return ++calls; });
    const host h{names, with_token_for_telnet()};
    client one{h.door.address()};
    one.read_until("token: ");
    one.send(character_mode);
    one.send(interrupt_process);
    one.send("\x03\xff\xed\xff\xee");  // Ctrl-C, SUSP, ABORT
    one.send("attack()\r\nattack()\r\n");
    std::string shown;
    try {
        shown = one.read_to_end();
    } catch (const std::runtime_error&) {
        // Reset, with what it had sent unread.
    }
    EXPECT_EQ(shown.find(">>>"), std::string::npos);
    EXPECT_TRUE(h.log.wait_for_part("wrong token"));
    EXPECT_EQ(calls, 0);
    count_attempts(guessers, 1, calls);
}

TEST(token, that_is_right_gives_a_terminal_its_prompt) {
    const host h{{}, with_token_for_telnet()};
    client one{h.door.address()};
    one.read_until("token: ");
    one.send(character_mode);
    one.send(right + "\r\n");
    one.read_until(prompt);
    one.send("6 * 7\r");
    one.read_until("42");
    one.read_until(prompt);
}

TEST(token, that_comes_too_slowly_is_waited_for_no_longer) {
    const host h{{}, with_token(100ms)};
    client silent{h.door.address()};
    client slow{h.door.address()};
    slow.send("0");
    const std::string reason = "no token came within 100 ms (options.login_limit)";
    EXPECT_EQ(slow.read_to_end(), "token: \nbackdoor: " + reason + "\n");
    EXPECT_EQ(silent.read_to_end(), "token: \nbackdoor: " + reason + "\n");
}

TEST(token, is_no_reason_to_keep_what_is_sent) {
    const host h{{}, with_token()};
    client one{h.door.address()};
    one.send(std::string(5000, 'x'));
    try {
        EXPECT_EQ(one.read_to_end(), "token: backdoor: wrong token\n");
    } catch (const std::runtime_error&) {
    }
}

TEST(token, is_not_guessed_and_its_owner_not_locked_out) {
    std::atomic<int> calls = 0;
    locals names;
    names.function("attack", [&] { return ++calls; });
    const host h{names, with_token()};
    constexpr int guesses = 10'000;
    std::atomic<int> made = 0;
    std::vector<std::jthread> attackers;
    for (int i = 0; i < 4; ++i) {
        attackers.emplace_back([&] {
            while (made++ < guesses) {
                client one{h.door.address()};
                one.read_until("token: ");
                one.send(std::string(right.size(), 'x') + "\nattack()\nattack()\n");
            }
        });
    }
    EXPECT_TRUE(eventually([&] { return made > guesses / 2; }));
    client owner{h.door.address()};
    const auto begin = clock::now();
    owner.send(right + "\n");
    owner.greeted();
    EXPECT_LT(clock::now() - begin, 2s);
    attackers.clear();
    EXPECT_EQ(owner.run("6 * 7"), "42\n");
    EXPECT_EQ(calls, 0);
    count_attempts(guessers, guesses, calls);
}

TEST(token, that_is_easy_to_guess_is_refused) {
    for (const std::string& bad : {std::string{"secret"}, std::string(16, 'a') + "\n"}) {
        options choices;
        choices.token = bad;
        try {
            const host h{{}, choices};
            FAIL() << "was accepted";
        } catch (const error& refused) {
            EXPECT_STREQ(refused.what(), "backdoor: options.token must be one line of 16 to 1024 "
                                         "bytes, as from `openssl rand -hex 16`");
        }
    }
}

}  // namespace
}  // namespace backdoor::test
