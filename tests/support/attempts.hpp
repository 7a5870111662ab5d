// How often tests have tried to get code run where it may not be, and what that cost.
#pragma once

#include <chrono>
#include <cstdio>

namespace backdoor::test {

/// Says so where tests/security/attempts reads it. `let_in`: how often something ran.
inline void count_attempts(const char* by, int made, int let_in) {
    std::printf("attempts: %d made, %d let in, by %s\n", made, let_in, by);
    std::fflush(stdout);
}

/// The same for what each of those who were refused took of the host's own threads.
inline void tell_cost(const char* clients, int many, std::chrono::nanoseconds each) {
    std::printf("cost: %.2f us for each of %d %s\n", static_cast<double>(each.count()) / 1000, many,
                clients);
    std::fflush(stdout);
}

}  // namespace backdoor::test
