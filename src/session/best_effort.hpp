// Doing what may fail where nothing depends on it.
#pragma once

namespace backdoor {

/// What else there is to do must not be kept from happening: by a lack of memory, or by a host's function
/// that throws.
template <class F>
void best_effort(F f) noexcept {
    try {
        f();
    } catch (...) {
    }
}

}  // namespace backdoor
