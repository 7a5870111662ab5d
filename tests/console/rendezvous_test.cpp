#include "console/rendezvous.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "support/deadline.hpp"

namespace backdoor::test {
namespace {

TEST(rendezvous, holds_the_loop_until_the_turn_is_ended) {
    rendezvous one;
    std::atomic<bool> released{false};
    auto loop = std::async(std::launch::async, [&] {
        one.grant(patience, [] { ADD_FAILURE() << "was overrun"; });
        released = true;
    });
    ASSERT_TRUE(one.wait_for_grant(patience));
    EXPECT_FALSE(released);
    EXPECT_TRUE(one.end());
    loop.wait();
    EXPECT_TRUE(one.ended());
    EXPECT_FALSE(one.overrun());
}

TEST(rendezvous, releases_the_loop_when_the_budget_is_spent) {
    rendezvous one;
    std::promise<void> told;
    auto loop = std::async(std::launch::async,
                           [&] { one.grant(1ms, [&] { told.set_value(); }); });
    ASSERT_TRUE(one.wait_for_grant(patience));
    loop.wait();
    told.get_future().wait();
    EXPECT_TRUE(one.overrun());
    EXPECT_FALSE(one.end());
}

TEST(rendezvous, is_given_up_when_the_loop_does_not_come) {
    rendezvous one;
    EXPECT_FALSE(one.wait_for_grant(1ms));
    // The loop comes after all: it does not wait for anybody.
    one.grant(patience, [] { ADD_FAILURE() << "was overrun"; });
}

}  // namespace
}  // namespace backdoor::test
