// How a console's command is broken off: asked to end, asked again, left behind.
#include "console/attendant.hpp"
#include "console/audit.hpp"
#include "console/console_list.hpp"
#include "console/python_console.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace backdoor {

namespace {

// When it is looked whether an interrupted command has meanwhile come to wait for its client.
constexpr std::chrono::milliseconds recheck{5};
// How long an interrupted command may take to end before it is looked at whether it ever will.
constexpr std::chrono::milliseconds patience{80};
// Who has used so much of a processor's time without a bytecode, computes in a call that lets others use Python.
constexpr std::chrono::milliseconds longest_bytecode{40};
// Then it is looked at as often as this. Who wants the GIL tries again several times meanwhile.
constexpr std::chrono::milliseconds next_look{25};
// What neither sleeps nor computes may still have to wait for others, who have the GIL or the processors.
constexpr std::chrono::seconds longest_patience{2};
// A command may catch an interrupt and go on; one that does so more often meets one at every step.
constexpr int most_interrupts_caught = 3;
// Code of a client that is gone, or of which we let go: how often, and how many times, it is asked
// to end.
constexpr std::chrono::milliseconds insist_interval{100};
constexpr int insist_attempts = 50;
// Of these, those that leave it its `finally` and what it catches.
constexpr int polite_attempts = 10;

}  // namespace

/// A command that has been interrupted.
struct python_console::watch {
    clock::duration delay;
    clock::time_point began = clock::now();
    std::chrono::nanoseconds time_before;  // of a processor, that it had used by then
    std::chrono::nanoseconds time_at_last_look = time_before;

    watch(const runner& one, clock::duration until_first_look)
        : delay{until_first_look}, time_before{one.activity->processor_time()} {}

    /// An interrupt that is due is met at the next bytecode. Who has not met it is blocked, or computes without
    /// the GIL; or has not had its turn, on a busy machine or among threads that all want the GIL.
    bool shows_no_end(const runner& one, std::chrono::milliseconds most_time) {
        const auto time = one.activity->processor_time();
        const bool is_blocked =
            time == std::exchange(time_at_last_look, time) && one.activity->sleeps();
        return is_blocked || time - time_before >= most_time || clock::now() - began >= longest_patience;
    }
};

void python_console::interrupt() {
    // One is enough for all: it looks when it is run.
    if (interrupt_on_its_way_) {
        return;
    }
    auto task = attendant::prepare([self = shared_from_this()] {
        self->interrupt_on_its_way_ = false;
        self->raise_interrupt();
    });
    interrupt_on_its_way_ = true;
    attendant::get().post(task);
}

std::optional<stuck_command> python_console::stuck() const {
    if (!interrupt_on_its_way_) {
        return std::nullopt;
    }
    return command_.as_stuck(clock::now());
}

void python_console::raise_interrupt() {
    // Where it has come to a wait of ours, or to its end, since the session looked, it is met there.
    if (!over_ && current_->executing && !current_->completing && setup_.io->take_interrupt()) {
        break_off();
    }
}

/// False where it is Python's to deliver: then it is to be seen whether that helps.
bool python_console::interrupt_code(runner& one) {
    if (one.awaited && one.awaited->interrupt()) {
        return true;
    }
    PyThreadState_SetAsyncExc(one.thread, PyExc_KeyboardInterrupt);
    return false;
}

void python_console::break_off() {
    if (setup_.hub) {
        (*setup_.hub)->interrupt(current_, [io = setup_.io] { return io->wake_with_interrupt(); });
        return;
    }
    ++current_->interrupts;
    if (interrupt_code(*current_)) {
        return;
    }
    look_again(current_, current_->command, {*current_, recheck});
    look_again(current_, current_->command, {*current_, patience});
}

void python_console::enforce_limit(std::shared_ptr<runner> one, unsigned long command) {
    attendant::get().post(
        [self = shared_from_this(), one = std::move(one), command, waits = setup_.io->waits()] {
            if (self->over_ || !one->executing || one->command != command || one->left_behind) {
                return;
            }
            if (self->setup_.io->is_waiting() || self->setup_.io->waits() != waits) {
                self->enforce_limit(one, command);
                return;
            }
            self->setup_.io->try_write("backdoor: the command has run for longer than " +
                                       std::to_string(self->setup_.command_limit.count()) +
                                       " ms (options.command_limit) and is interrupted\n",
                                       sink::error);
            if (!self->setup_.io->interrupt()) {
                self->raise_interrupt();
            }
            record_soon(self->setup_.trail, audit_event::kind::interrupt, "options.command_limit");
        },
        setup_.command_limit);
}

void python_console::look_again(std::shared_ptr<runner> one, unsigned long command, watch since) {
    const auto delay = since.delay;
    attendant::get().post(
        [self = shared_from_this(), one = std::move(one), command, since]() mutable {
            const bool is_first_look = since.delay == recheck;
            const auto leave_or_go_on = [&](std::chrono::milliseconds most_time) {
                if (since.shows_no_end(*one, most_time)) {
                    self->leave_behind();
                } else {
                    since.delay = next_look;
                    self->look_again(one, command, since);
                }
            };
            if (self->over_ || self->current_ != one || !one->executing ||
                one->command != command) {
                return;
            }
            if (!compat::has_pending_exception(one->state)) {
                // It has met the interrupt, and goes on all the same; but not for ever.
                if (one->interrupts < most_interrupts_caught) {
                    return;
                }
                if (!one->cornered) {
                    one->corner();
                    self->look_again(one, command, {*one, patience});
                } else if (!is_first_look) {
                    leave_or_go_on(patience);
                }
            } else if (!one->completing && self->setup_.io->wake_with_interrupt()) {
                // It was on its way to a wait of ours, where it is woken instead.
                PyThreadState_SetAsyncExc(one->thread, nullptr);
            } else if (!is_first_look) {
                leave_or_go_on(longest_bytecode);
            }
        },
        delay);
}

void python_console::leave_behind() {
    const auto left = current_;
    try {
        start();
    } catch (const std::exception& failure) {
        setup_.io->try_write(std::string{"backdoor: "} + failure.what() + "\n", sink::error);
        return;
    }
    left->left_behind = true;
    command_.end();
    left->context->give_up();
    setup_.io->try_write(
        "KeyboardInterrupt: the command is in a call that cannot be broken off; it was left "
        "behind, and ends when the call returns\n",
        sink::error);
    setup_.io->end_program(interrupted_status);
    remember_left_behind(setup_.trail->session(), left);
    insist(left, insist_attempts, insist_interval);
    record_soon(setup_.trail, audit_event::kind::result, "left behind",
                std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - left->began));
}

void python_console::prepare_hang_up() {
    hang_up_ = attendant::prepare([weak = weak_from_this()] {
        const auto self = weak.lock();
        if (self && !self->over_ && self->current_) {
            self->insist(self->current_, insist_attempts, {});
        }
    });
}

void python_console::hang_up() noexcept { attendant::get().post(hang_up_); }

void python_console::insist(std::shared_ptr<runner> stubborn, int attempts,
                            clock::duration delay) {
    attendant::get().post(
        [self = shared_from_this(), stubborn = std::move(stubborn), attempts] {
            if (stubborn->ended || attempts == 0) {
                return;
            }
            if (stubborn->executing && self->setup_.hub) {
                self->break_off();
            } else if (stubborn->executing) {
                if (!interrupt_code(*stubborn) && attempts + polite_attempts == insist_attempts) {
                    stubborn->corner();
                }
            }
            self->insist(stubborn, attempts - 1, insist_interval);
        },
        delay);
}

}  // namespace backdoor
