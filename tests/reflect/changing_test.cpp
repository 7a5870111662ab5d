// Containers that the program changes while they are looked at.
#include "looking.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <list>
#include <map>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

// In memory that stays: what is looked at here is what changes, not what is freed.
namespace changing {

struct world {
    std::vector<int> numbers;
    std::map<int, std::string> ordered;
    std::unordered_map<int, std::string> hashed;
    std::list<std::string> linked;
};
world the_world;

}  // namespace changing

namespace backdoor::reflect::test {
namespace {

constexpr int looks = 300;

void change(changing::world& all, unsigned step) {
    const auto key = static_cast<int>(step * 7 % 100);
    all.numbers.push_back(key);
    if (all.numbers.size() > 1000) {
        all.numbers = {};
    }
    if (!all.ordered.erase(key)) {
        all.ordered[key] = std::string(step % 40, 'x');
    }
    if (!all.hashed.erase(key)) {
        all.hashed[key] = std::string(step % 40, 'y');
    }
    all.linked.push_back("z");
    if (all.linked.size() > 50) {
        all.linked.clear();
    }
}

TEST(a_changing_program, is_looked_at_without_harm) {
    std::atomic<bool> over{false};
    std::atomic<unsigned> steps{0};
    std::thread changes{[&] {
        for (unsigned step = 0; !over; ++step) {
            change(changing::the_world, step);
            steps = step;
        }
    }};
    int read = 0;
    int refused = 0;
    auto& all = this_program();
    for (int i = 0; i < looks; ++i) {
        for (const auto* name : {"numbers", "ordered", "hashed", "linked"}) {
            try {
                const auto at = member_of(find_object("changing::the_world"), name);
                const auto one = all.iterate(at);
                for (std::size_t seen = 0; seen < 10'000; seen += 100) {
                    if (one->next(100).empty()) {
                        break;
                    }
                }
                ++read;
            } catch (const inconsistent&) {
                ++refused;
            } catch (const memory_error&) {
                ++refused;
            }
            (void)all.describe(find_object("changing::the_world"), {});
        }
    }
    while (steps < 1000) {
        std::this_thread::yield();
    }
    over = true;
    changes.join();
    EXPECT_EQ(read + refused, 4 * looks);
    EXPECT_GT(read, 0);
    // And is shown whole once it holds still.
    changing::the_world.numbers = {1, 2};
    EXPECT_EQ(all.describe(member_of(find_object("changing::the_world"), "numbers"), {}), "[1, 2]");
}

}  // namespace
}  // namespace backdoor::reflect::test
