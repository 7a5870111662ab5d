// A copy of this process, as it was at one moment, to be read at leisure.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace backdoor {

/// A forked child of one thread, this one, which runs nothing: it sleeps until it is ended, or for
/// `longest`. It holds none of our descriptors, gets no signal but SIGKILL, and the host's wait() does
/// not see it. Memory that the program changes meanwhile is there twice.
class frozen_copy {
public:
    static constexpr std::chrono::minutes longest{10};

    /// Throws std::system_error.
    frozen_copy();
    frozen_copy(const frozen_copy&) = delete;
    frozen_copy& operator=(const frozen_copy&) = delete;
    ~frozen_copy();

    int process() const { return process_; }
    /// "a copy of 19 MB, made in 0.95 ms": the program held still for that long.
    std::string cost() const;

private:
    int process_ = -1;
    std::size_t bytes_ = 0;
    std::chrono::steady_clock::duration took_{};
};

}  // namespace backdoor
