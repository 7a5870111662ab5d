// Many consoles that all have something to run.
#pragma once

#include <backdoor/export.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <semaphore>
#include <utility>

namespace backdoor {

/// Lets short commands run one after another: threads that all try to take the GIL at once wake, and
/// hinder, each other several times for every command. It is a courtesy and no lock: beside a command that
/// takes longer than `patience` all others start at once.
/// Thread safety: all members.
class BACKDOOR_API start_queue {
public:
    static constexpr std::chrono::milliseconds patience{2};

    /// A console's, and that of all threads which read for it.
    class place {
    public:
        explicit place(std::shared_ptr<start_queue> queue) : queue_{std::move(queue)} {}
        place(const place&) = delete;
        place& operator=(const place&) = delete;
        ~place() { leave(); }

        /// Returns when it is this one's turn, which it has until leave(), or its patience is over.
        void enter();
        void leave() noexcept;

    private:
        const std::shared_ptr<start_queue> queue_;
        std::atomic<bool> has_turn_{false};
    };

private:
    // It spins and yields before it sleeps, in which time a short command is over.
    std::binary_semaphore turn_{1};
    std::atomic<bool> is_taken_{false};
    std::atomic<bool> is_overdue_{false};  // whoever has taken it runs what is not short
};

}  // namespace backdoor
