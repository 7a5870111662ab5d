// Waiting at a client's socket without the IO thread.
#pragma once

#include "session/forked.hpp"

#include <chrono>

namespace backdoor {

/// One thread waits at a descriptor; others may end its wait.
class input_watch {
public:
    input_watch() = default;
    input_watch(const input_watch&) = delete;
    input_watch& operator=(const input_watch&) = delete;

    /// Takes a descriptor of its own until close(); false where the system has none left.
    bool open() noexcept;
    void close() noexcept { bell_.reset(); }

    enum class end { readable, rung, time_over };
    end wait(int descriptor, std::chrono::milliseconds most) noexcept;
    /// Ends the wait under way, or else the next one. From any thread, while it is open.
    void ring() noexcept;

private:
    parents_fd bell_;
};

}  // namespace backdoor
