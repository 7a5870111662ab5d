// What runs a console's commands: a thread, or a greenlet.
#pragma once

#include "console/console_state.hpp"
#include "console/loop_call.hpp"
#include "console/raise_at_every_step.hpp"
#include "console/switch_interval.hpp"
#include "console/thread_activity.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace backdoor {

/// A console has one at a time. One whose command can neither be waited for nor broken off is left
/// behind: it ends when its call returns, and the console goes on in another.
/// Guarded by the GIL, but for what is said.
struct runner {
    unsigned long thread = 0;
    PyThreadState* state = nullptr;
    std::optional<thread_activity> activity;
    ref greenlet;  ///< where it is one, on that thread

    /// The context its code runs in; given up when it is left behind, so that it is no console's.
    std::optional<console_context> context;

    bool executing = false;
    std::optional<lowered_switch_interval> responsive;  ///< while it executes, on a thread
    bool completing = false;   ///< what it executes answers the editor, which may ask more meanwhile
    int interrupts = 0;        ///< of the command, the last perhaps not met yet
    bool interrupt_due = false;  ///< it has not met it yet (a greenlet)
    std::shared_ptr<loop_call> awaited;  ///< what its command waits for
    ref own_loop;                        ///< where that runs, if the host has no loop

    bool cornered = false;     ///< meets an interrupt at every step
    void corner() {
        cornered = true;
        raise_at_every_step(state);
    }
    /// On its thread, when its code has ended.
    void release_from_corner() {
        if (std::exchange(cornered, false)) {
            raise_no_more();
        }
    }

    bool left_behind = false;
    bool ended = false;        ///< its thread's number may be another's

    /// Of the command that is, or was last, executed.
    unsigned long command = 0;
    std::string source;  ///< its first line
    std::chrono::steady_clock::time_point began;
};

}  // namespace backdoor
