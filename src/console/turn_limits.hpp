// How patient consoles and the host's loop are with each other.
#pragma once

#include <chrono>

namespace backdoor {

struct turn_limits {
    std::chrono::milliseconds wait;    ///< for the loop: options::turn_wait
    std::chrono::milliseconds budget;  ///< of the loop: options::turn_budget
};

}  // namespace backdoor
