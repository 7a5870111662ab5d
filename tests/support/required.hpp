// What a test needs of its machine.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>

/// Skips the test where `has` does not hold. In continuous integration (CI is set) that is a failure: there
/// everything that a test needs is to be there.
#define BACKDOOR_REQUIRE(has, what)                                        \
    do {                                                                   \
        if (!(has)) {                                                      \
            if (std::getenv("CI") != nullptr) {                            \
                FAIL() << "this machine has not what CI must have: " << what; \
            }                                                              \
            GTEST_SKIP() << "needs " << what;                              \
        }                                                                  \
    } while (false)
