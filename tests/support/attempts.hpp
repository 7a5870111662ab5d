// How often tests have tried to get code run where it may not be.
#pragma once

#include <cstdio>

namespace backdoor::test {

/// Says so where tests/security/attempts reads it. `let_in`: how often something ran.
inline void count_attempts(const char* by, int made, int let_in) {
    std::printf("attempts: %d made, %d let in, by %s\n", made, let_in, by);
    std::fflush(stdout);
}

}  // namespace backdoor::test
