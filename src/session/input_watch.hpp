// Waiting at a client's socket without the IO thread.
#pragma once

#include <backdoor/listener.hpp>

#include <chrono>

namespace backdoor {

/// One thread waits at a descriptor; others may end its wait.
class input_watch {
public:
    input_watch() = default;
    input_watch(const input_watch&) = delete;
    input_watch& operator=(const input_watch&) = delete;
    ~input_watch() { close(); }

    /// Takes a descriptor of its own until close(); false where the system has none left.
    bool open() noexcept;
    void close() noexcept;

    enum class end { readable, rung, time_over };
    end wait(int descriptor, std::chrono::milliseconds most) noexcept;
    /// Ends the wait under way, or else the next one. From any thread, while it is open.
    void ring() noexcept;

private:
    unique_fd bell_;
};

}  // namespace backdoor
