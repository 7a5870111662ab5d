#include "session/handshake_gate.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace backdoor::test {
namespace {

using namespace std::chrono_literals;
using place = std::unique_ptr<handshake_gate::place>;

const handshake_gate::clock::time_point begin{1h};

options limits(std::size_t at_once, std::size_t rate) {
    options choices;
    choices.max_handshakes = at_once;
    choices.max_handshake_rate = rate;
    return choices;
}

TEST(handshake_gate, lets_the_longest_make_room) {
    handshake_gate gate{limits(2, 100)};
    std::vector<place> places(4);
    std::vector<int> gave_up;
    for (int i = 0; i < 4; ++i) {
        auto& mine = places.at(static_cast<std::size_t>(i));
        mine = gate.enter("a", [&, i] {
            gave_up.push_back(i);
            mine.reset();
        }, begin);
        EXPECT_TRUE(mine);
        if (i == 1) {
            places[0].reset();  // has shown who it is
        }
    }
    EXPECT_EQ(gave_up, (std::vector{1}));
}

TEST(handshake_gate, bounds_how_fast_an_address_begins) {
    handshake_gate gate{limits(100, 2)};
    const auto may = [&](const std::string& origin, auto when) {
        return gate.enter(origin, [] {}, when) != nullptr;
    };
    EXPECT_TRUE(may("a", begin));
    EXPECT_TRUE(may("a", begin + 500ms));
    EXPECT_FALSE(may("a", begin + 999ms));
    EXPECT_TRUE(may("b", begin + 999ms));
    EXPECT_TRUE(may("a", begin + 1s));
}

TEST(handshake_gate, is_shut_where_there_may_be_none) {
    handshake_gate gate{limits(0, 100)};
    EXPECT_FALSE(gate.enter("a", [] {}, begin));
}

}  // namespace
}  // namespace backdoor::test
