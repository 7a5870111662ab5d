#include "console/elapsed.hpp"

#include <gtest/gtest.h>

namespace backdoor {
namespace {

using namespace std::chrono_literals;

TEST(elapsed_text, has_the_two_largest_units) {
    EXPECT_EQ(elapsed_text(0s), "0.00 s");
    EXPECT_EQ(elapsed_text(1'056ms), "1.05 s");
    EXPECT_EQ(elapsed_text(59'999ms), "59.99 s");
    EXPECT_EQ(elapsed_text(60s), "1 min 0 s");
    EXPECT_EQ(elapsed_text(123'456ms), "2 min 3 s");
    EXPECT_EQ(elapsed_text(3'599s), "59 min 59 s");
    EXPECT_EQ(elapsed_text(1h + 2min + 59s), "1 h 2 min");
    EXPECT_EQ(elapsed_text(100h), "100 h 0 min");
}

}  // namespace
}  // namespace backdoor
