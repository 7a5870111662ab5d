// Whether work grows as its size does: what a loaded machine does not change.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <limits>

namespace backdoor::test {

/// How many times longer work(4 * size) takes than work(size), in processor time: about 4 where it
/// grows with its size, 16 where with its square, 64 where with its cube. Of each the shortest of some tries, since what else
/// happens on a machine only adds to it.
template <class Work>
double growth_of(Work work, std::size_t size) {
    constexpr int tries = 5;
    const auto spent = [&](std::size_t how_much) {
        const auto before = std::clock();
        work(how_much);
        return static_cast<double>(std::clock() - before);
    };
    double small = std::numeric_limits<double>::max();
    double large = small;
    for (int i = 0; i < tries; ++i) {
        small = std::min(small, spent(size));
        large = std::min(large, spent(4 * size));
    }
    return large / std::max(small, 1.0);
}

// Between the first two, and between the others.
inline constexpr double most_growth = 8;
inline constexpr double most_growth_of_squares = 32;

}  // namespace backdoor::test
