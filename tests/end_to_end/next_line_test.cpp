// The next line of a script, for which a console looks out in the socket itself: whoever takes it,
// what is shown is the same.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <random>
#include <semaphore>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

TEST(the_next_line, is_answered_in_turn_however_soon_it_comes) {
    const host h;
    auto one = h.greeted_client();
    for (int i = 0; i < 2000; ++i) {
        ASSERT_EQ(one.run(std::to_string(i)), std::to_string(i) + "\n");
    }
}

TEST(the_next_line, may_come_in_pieces_and_with_what_is_decoded) {
    const host h;
    auto one = h.greeted_client();
    std::mt19937 random{7};
    for (int i = 0; i < 500; ++i) {
        const auto number = std::to_string(i);
        const auto line = number + (i % 3 == 0 ? "\r\n" : "\n");
        const auto cut = i % 2 == 0 ? random() % line.size() : 0;
        one.send(line.substr(0, cut));
        one.send(line.substr(cut));
        ASSERT_EQ(one.read_until(prompt), number + "\n>>> ");
    }
}

TEST(the_next_line, has_its_output_shown_while_it_runs) {
    std::counting_semaphore<> shown{0};
    locals names;
    names.function("wait", [&] { shown.acquire(); });
    const host h{names};
    auto one = h.greeted_client();
    for (int i = 0; i < 50; ++i) {
        one.run("1+1");
        one.send("print('first'); wait()\n");
        EXPECT_EQ(one.read_until("first\n"), "first\n");
        shown.release();
        one.read_until(prompt);
    }
}

TEST(the_next_line, is_interrupted_as_any) {
    const host h;
    auto one = h.greeted_client();
    for (int i = 0; i < 20; ++i) {
        one.run("1+1");
        one.send("while True: pass\n\n\x03");
        const auto shown = one.read_until("KeyboardInterrupt\n");
        one.read_until(prompt);
    }
}

TEST(the_next_line, is_no_silence) {
    options choices;
    choices.idle_limit = std::chrono::milliseconds{1500};
    const host h{{}, choices};
    auto one = h.greeted_client();
    const auto end = clock::now() + std::chrono::seconds{4};
    while (clock::now() < end) {
        ASSERT_EQ(one.run("1+1"), "2\n");
    }
}

}  // namespace
}  // namespace backdoor::test
