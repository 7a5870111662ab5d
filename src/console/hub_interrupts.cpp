// Breaking off what a hub's consoles run.
#include "console/attendant.hpp"
#include "console/border.hpp"
#include "console/hub.hpp"

#include <algorithm>
#include <utility>

namespace backdoor {

namespace {

// How long an interrupted command may keep the hub before it gets a signal, and how often.
constexpr std::chrono::milliseconds signal_after{10};
// A limit of time is looked after so many times within it.
constexpr int looks = 8;

}  // namespace

void hub::interrupt(const std::shared_ptr<runner>& who, std::function<bool()> wake) {
    who->interrupt_due = true;
    post([self = weak_from_this(), who, number = who->command, wake = std::move(wake)] {
        const auto loop = self.lock();
        if (!loop || !who->executing || who->command != number ||
            !std::exchange(who->interrupt_due, false) || wake()) {
            return;
        }
        // A greenlet that it started may have been cut short.
        const auto inner =
            std::find_if(loop->cut_short_.begin(), loop->cut_short_.end(),
                         [&](const ref& one) { return descends(one, who->greenlet); });
        const ref greenlet = inner != loop->cut_short_.end() ? *inner : who->greenlet;
        checked(PyObject_CallMethod(greenlet.get(), "throw", "O", PyExc_KeyboardInterrupt));
    });
    insist(who, who->command);
}

void hub::insist(std::shared_ptr<runner> who, unsigned long number) {
    attendant::get().post(
        [self = weak_from_this(), who = std::move(who), number] {
            const auto loop = self.lock();
            if (!loop || !who->executing || who->command != number || !who->interrupt_due) {
                return;
            }
            if (loop->signal_) {
                loop->signal_->send();
            }
            loop->insist(who, number);
        },
        signal_after);
}

main_thread_signal::outcome hub::on_signal() {
    using found = main_thread_signal::outcome;
    const auto self = shared_from_this();
    for (const auto& one : commands_) {
        if (!is_current(one.who->greenlet)) {
            continue;
        }
        if (std::exchange(one.who->interrupt_due, false)) {
            PyErr_SetNone(PyExc_KeyboardInterrupt);
            return found::raised;
        }
        if (is_stalled_by(one)) {
            PyErr_Format(PyExc_KeyboardInterrupt,
                         "the command kept the hub from running for longer than %lld ms "
                         "(options.stall_limit)",
                         static_cast<long long>(one.stall_limit.count()));
            return found::raised;
        }
        if (one.time_slice > one.time_slice.zero()) {
            end_slice();
        } else {
            look_for_slices();
        }
        return found::handled;
    }
    look_for_slices();
    return found::not_meant;
}

void hub::command_begins(std::shared_ptr<runner> who, std::chrono::milliseconds stall_limit,
                         std::chrono::milliseconds time_slice) {
    commands_.push_back({std::move(who), stall_limit, time_slice});
    if (stall_limit > stall_limit.zero() && !std::exchange(watching_, true)) {
        watch_for_stalls();
    }
    if (time_slice > time_slice.zero()) {
        begin_slice(time_slice);
    }
}

void hub::command_ends(const runner& who) {
    std::erase_if(commands_, [&](const command& one) { return one.who.get() == &who; });
    if (suspect_ == &who) {
        suspect_ = nullptr;
    }
    if (slice_ends_ != clock::time_point{} && !has_sliced_command() && signal_) {
        slice_ends_ = {};
        signal_->send_in({});
    }
}

void hub::watch_for_stalls() {
    auto shortest = std::chrono::milliseconds::max();
    for (const auto& one : commands_) {
        if (one.stall_limit > one.stall_limit.zero()) {
            shortest = std::min(shortest, one.stall_limit);
        }
    }
    if (shortest == std::chrono::milliseconds::max()) {
        watching_ = false;
        return;
    }
    attendant::get().post(
        [self = weak_from_this()] {
            if (const auto loop = self.lock()) {
                loop->check_for_stall();
                loop->watch_for_stalls();
            }
        },
        shortest / looks);
}

void hub::check_for_stall() {
    if (rung_ == 0) {
        ring();
    } else if (signal_) {
        signal_->send();
    }
}

bool hub::is_stalled_by(const command& one) {
    if (rung_ == 0 || one.stall_limit == one.stall_limit.zero()) {
        return false;
    }
    const auto now = clock::now();
    if (std::exchange(suspect_, one.who.get()) != one.who.get()) {
        suspected_since_ = now;
        return false;
    }
    // It was seen there first after two of our looks.
    if (now - suspected_since_ < one.stall_limit * (looks - 2) / looks) {
        return false;
    }
    suspect_ = nullptr;
    return true;
}

}  // namespace backdoor
