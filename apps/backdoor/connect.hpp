// The way to a console.
#pragma once

#include "descriptor.hpp"
#include "target.hpp"

#include <chrono>

namespace backdoor::client {

using clock = std::chrono::steady_clock;

/// As poll() has it: not negative, rounded up.
int milliseconds_until(clock::time_point deadline);

struct reached_console {
    descriptor socket;  ///< connected; does not block
    target where;       ///< its address
};

/// `wait`: where nobody listens yet, tries until somebody does. Throws failure, also where it takes
/// longer than `deadline`.
reached_console connect_to(const target& where, bool wait, clock::time_point deadline);

}  // namespace backdoor::client
