// What a console runs, for those who must not wait for the GIL.
#pragma once

#include "console/engine.hpp"

#include <chrono>
#include <mutex>
#include <string>
#include <utility>

namespace backdoor {

/// The first line of the command that a console runs, and since when. Thread safety: all members.
class current_command {
public:
    using clock = std::chrono::steady_clock;

    void begin(std::string source, clock::time_point now) {
        const std::lock_guard guard{mutex_};
        source_ = std::move(source);
        began_ = now;
    }

    void end() {
        const std::lock_guard guard{mutex_};
        source_.clear();
    }

    /// Without a text where none runs.
    stuck_command as_stuck(clock::time_point now) const {
        const std::lock_guard guard{mutex_};
        return {source_, std::chrono::duration_cast<std::chrono::milliseconds>(now - began_)};
    }

private:
    mutable std::mutex mutex_;
    std::string source_;
    clock::time_point began_;
};

}  // namespace backdoor
