// Limits of number and time: what is over is told so and closed, all else goes on.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include "support/host.hpp"
#include "support/process.hpp"

namespace backdoor::test {
namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(idle_limit, closes_a_client_that_types_nothing) {
    options choices;
    choices.idle_limit = 50ms;
    const host h{{}, choices};
    auto silent = h.greeted_client();
    EXPECT_EQ(silent.read_to_end(),
              "\nbackdoor: closed: nothing was typed for 50 ms (options.idle_limit)\n");
}

TEST(idle_limit, closes_a_client_that_types_nothing_more) {
    options choices;
    choices.idle_limit = 50ms;
    const host h{{}, choices};
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("1"), "1\n");
    EXPECT_TRUE(contains(one.read_to_end(), "(options.idle_limit)"));
}

TEST(idle_limit, lets_a_command_run) {
    options choices;
    choices.idle_limit = 50ms;
    const host h{{}, choices};
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("import time; time.sleep(.3); 'done'"), "'done'\n");
}

TEST(output_stall, closes_a_client_that_takes_nothing) {
    options choices;
    choices.output_stall = 50ms;
    const host h{{}, choices};
    auto stalled = h.greeted_client();
    auto other = h.greeted_client();
    stalled.send("exec('while True: print(1234567890)')\n");
    EXPECT_TRUE(h.log.wait_for_part("it took no output for 50 ms (options.output_stall)"));
    EXPECT_EQ(other.run("'alive'"), "'alive'\n");
    EXPECT_EQ(other.run("len(consoles())"), "1\n");
}

TEST(output_stall, leaves_a_client_alone_that_takes_a_little_now_and_then) {
    constexpr int slowness = sanitized ? 5 : 1;
    options choices;
    choices.output_stall = slowness * 1s;
    const host h{{}, choices};
    auto slow = h.greeted_client();
    slow.send("for i in range(20000): print('x' * 1000)\n\n");
    for (int i = 0; i < 6; ++i) {
        const auto begin = clock::now();
        for (int line = 0; line < 2500; ++line) {
            slow.read_until("x\n");
        }
        std::this_thread::sleep_until(begin + slowness * 200ms);
    }
    EXPECT_TRUE(contains(slow.read_until("\n>>> "), "xxx"));
    EXPECT_EQ(slow.run("'alive'"), "'alive'\n");
}

TEST(max_connections_per_peer, refuses_one_more) {
    options choices;
    choices.max_connections_per_peer = 2;
    const host h{{}, choices};
    auto first = h.greeted_client();
    const auto second = h.greeted_client();
    EXPECT_EQ(client{h.door.address()}.read_to_end(),
              "backdoor: too many connections (options.max_connections_per_peer is 2), try again "
              "later\n");
    first.send("exit()\n");
    first.read_to_end();
    first.close();
    EXPECT_TRUE(eventually([&] {
        client again{h.door.address()};
        return contains(again.read_until("\n"), "Python");
    }));
}

TEST(command_limit, interrupts_what_runs_for_too_long) {
    options choices;
    choices.command_limit = 50ms;
    const host h{{}, choices};
    auto one = h.greeted_client();
    one.send("while True: pass\n\n");
    const auto shown = one.read_until("KeyboardInterrupt\n");
    EXPECT_TRUE(contains(shown, "backdoor: the command has run for longer than 50 ms "
                                "(options.command_limit) and is interrupted\n"))
        << shown;
    EXPECT_EQ(one.read_until(prompt), ">>> ");
    EXPECT_EQ(one.run("'alive'"), "'alive'\n");
}

TEST(command_limit, does_not_count_the_time_in_which_it_waits_for_its_client) {
    options choices;
    choices.command_limit = 50ms;
    const host h{{}, choices};
    auto one = h.greeted_client();
    one.send("input('? ')\n");
    one.read_until("? ");
    EXPECT_EQ(one.read_for(300ms), "");
    EXPECT_EQ(one.run("here it is"), "'here it is'\n");
}

}  // namespace
}  // namespace backdoor::test
