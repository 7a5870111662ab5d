#include "protocol.hpp"

#include <gtest/gtest.h>

namespace orders {
namespace {

TEST(protocol, a_day_at_the_market) {
    book orders;
    EXPECT_EQ(answer(orders, "SELL 10 101"), "ORDER 1 FILLED 0 RESTING 10\n");
    EXPECT_EQ(answer(orders, "BUY 4 102"), "ORDER 2 FILLED 4 RESTING 0\n");
    EXPECT_EQ(answer(orders, "SELL 3 102"), "ORDER 3 FILLED 0 RESTING 3\n");
    EXPECT_EQ(answer(orders, "BUY 5 100"), "ORDER 4 FILLED 0 RESTING 5\n");
    EXPECT_EQ(answer(orders, "BOOK"), "ASK 102 3\nASK 101 6\nBID 100 5\nEND\n");
    EXPECT_EQ(answer(orders, "CANCEL 4"), "CANCELLED 4\n");
    EXPECT_EQ(answer(orders, "CANCEL 4"), "UNKNOWN 4\n");
}

TEST(protocol, blanks_do_not_matter) {
    book orders;
    EXPECT_EQ(answer(orders, "  BUY\t5   100 \r"), "ORDER 1 FILLED 0 RESTING 5\n");
}

TEST(protocol, an_error_says_why_and_changes_nothing) {
    book orders;
    for (const auto* line :
         {"", "HELLO", "buy 1 1", "BUY", "BUY 1", "BUY 1 2 3", "BUY one 2", "BUY 1 2x", "BUY 0 2",
          "BUY -1 2", "BUY 1 99999999999999999999", "CANCEL", "CANCEL -1", "BOOK please"}) {
        EXPECT_TRUE(answer(orders, line).starts_with("ERROR ")) << line;
    }
    EXPECT_EQ(orders.submitted(), 0u);
}

}  // namespace
}  // namespace orders
