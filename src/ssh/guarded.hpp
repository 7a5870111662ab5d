// Our functions that libssh calls.
#pragma once

#include <utility>

namespace backdoor::ssh {

/// f(), but no exception gets into libssh: then `otherwise`.
template <class Result, class F>
Result guarded(Result otherwise, F&& f) noexcept {
    try {
        return std::forward<F>(f)();
    } catch (...) {
        return otherwise;
    }
}

template <class F>
void guarded(F&& f) noexcept {
    try {
        std::forward<F>(f)();
    } catch (...) {
        // Memory is short: the client does without.
        return;
    }
}

}  // namespace backdoor::ssh
