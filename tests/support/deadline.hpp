// Waiting for what happens elsewhere, but not for ever.
#pragma once

#include <chrono>
#include <thread>

namespace backdoor::test {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

// Long: it is only met where something is broken, and sanitizers on a busy machine are slow.
inline constexpr std::chrono::seconds patience{20};

/// True as soon as `happened` says so; false where it does not in all that time.
template <class Condition>
bool eventually(Condition happened, clock::duration limit = patience) {
    const auto end = clock::now() + limit;
    while (!happened()) {
        if (clock::now() > end) {
            return false;
        }
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

}  // namespace backdoor::test
