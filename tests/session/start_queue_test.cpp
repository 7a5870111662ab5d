#include "session/start_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

namespace backdoor::test {
namespace {

using clock = std::chrono::steady_clock;

class a_start_queue : public testing::Test {
protected:
    const std::shared_ptr<start_queue> queue = std::make_shared<start_queue>();
    start_queue::place first{queue};
    start_queue::place second{queue};

    /// False where it had to wait until its patience was over.
    static bool enters_at_once(start_queue::place& who) {
        const auto begin = clock::now();
        who.enter();
        return clock::now() - begin < start_queue::patience;
    }
};

TEST_F(a_start_queue, makes_the_second_wait_for_a_while_only) {
    first.enter();
    EXPECT_FALSE(enters_at_once(second));
}

TEST_F(a_start_queue, gives_the_turn_to_who_waits) {
    // Until it was in time: on a busy machine the patience may be over first.
    for (const auto end = clock::now() + std::chrono::seconds{20}; clock::now() < end;) {
        first.enter();
        std::atomic<bool> waits{false};
        bool in_time = false;
        std::thread other{[&] {
            waits = true;
            in_time = enters_at_once(second);
        }};
        while (!waits) {
            std::this_thread::yield();
        }
        first.leave();
        other.join();
        if (in_time) {
            EXPECT_FALSE(enters_at_once(first)) << "the second has not got the turn";
            return;
        }
        second.leave();
        first.enter();  // where its patience was over as the turn came free, that is forgotten with this
        first.leave();
    }
    FAIL() << "the turn was never given in time";
}

TEST_F(a_start_queue, makes_nobody_wait_for_what_is_known_to_take_long) {
    first.enter();
    second.enter();
    constexpr int commands = 1000;
    const auto begin = clock::now();
    for (int i = 0; i < commands; ++i) {
        second.leave();
        second.enter();
    }
    EXPECT_LT(clock::now() - begin, commands * start_queue::patience);
}

TEST_F(a_start_queue, is_itself_again_when_the_long_command_is_over) {
    first.enter();
    second.enter();  // in vain
    second.leave();
    first.leave();
    first.enter();
    first.leave();
    first.enter();
    EXPECT_FALSE(enters_at_once(second));
}

TEST_F(a_start_queue, is_itself_again_where_the_long_command_ends_as_a_wait_for_it_does) {
    first.enter();
    second.enter();  // in vain; and now nobody has the turn
    first.leave();
    second.enter();
    second.leave();
    first.enter();
    EXPECT_FALSE(enters_at_once(second));
}

// A command left behind may read for its console beside the next one, and so may threads of here().
TEST_F(a_start_queue, gets_the_turn_back_from_whichever_thread_of_its_console) {
    first.enter();
    std::thread{[&] { first.enter(); }}.join();  // in vain: its own console has the turn
    first.leave();
    first.leave();
    second.enter();
    EXPECT_FALSE(enters_at_once(first)) << "the turn was given back once too often, or never";
    second.leave();
    first.enter();
    EXPECT_FALSE(enters_at_once(second));
}

TEST_F(a_start_queue, gets_the_turn_back_from_a_place_that_is_gone) {
    std::optional<start_queue::place> gone{std::in_place, queue};
    gone->enter();
    gone.reset();
    first.enter();
    EXPECT_FALSE(enters_at_once(second));
}

}  // namespace
}  // namespace backdoor::test
