// Letting a hub run in the middle of its consoles' commands.
#include "console/border.hpp"
#include "console/hub.hpp"
#include "console/shared_work.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace backdoor {

namespace {

// While a command waits for something, and so keeps nobody, it is looked after no oftener.
constexpr std::chrono::milliseconds look_again{20};
// One that does what must not be cut short has its slice lengthened by so much at a time.
constexpr std::chrono::microseconds grace{200};

}  // namespace

void hub::begin_slice(clock::duration length) {
    slice_ends_ = clock::now() + length;
    if (signal_) {
        signal_->send_in(length);
    }
}

bool hub::has_sliced_command() const {
    return std::any_of(commands_.begin(), commands_.end(), [](const command& one) {
        return one.time_slice > one.time_slice.zero();
    });
}

/// The signal has come, and no command to be cut short was current.
void hub::look_for_slices() {
    if (signal_ && has_sliced_command()) {
        signal_->send_in(look_again);
    }
}

/// The signal has come in the middle of a command.
void hub::end_slice() {
    const auto left = slice_ends_ - clock::now();
    if (left > left.zero()) {
        if (signal_) {
            signal_->send_in(left);  // it was another signal that came
        }
    } else if (has_turn() || is_in_shared_work()) {
        if (signal_) {
            signal_->send_in(grace);
        }
    } else {
        run_in_the_middle();
    }
}

void hub::end_turn() {
    const auto mine =
        std::find_if(turns_.rbegin(), turns_.rend(),
                     [me = current()](const ref& one) { return one.get() == me.get(); });
    if (mine != turns_.rend()) {
        turns_.erase(std::next(mine).base());
    }
}

bool hub::has_turn() const {
    return std::any_of(turns_.begin(), turns_.end(),
                       [&](const ref& one) { return is_current(one); });
}

/// Lets the hub run, in the middle of what runs. Throws python_error with what is thrown in
/// meanwhile.
void hub::run_in_the_middle() {
    const auto me = current();
    struct place {
        std::deque<ref>& line;
        PyObject* who;
        ~place() {
            std::erase_if(line, [this](const ref& one) { return one.get() == who; });
        }
    };
    cut_short_.push_back(me);
    const place in_line{cut_short_, me.get()};
    ring();
    // Not calls_.wait, for eventlet's makes the hub the parent of whoever waits.
    checked(PyObject_CallMethod(calls_.greenlet.get(), "switch", nullptr));
}

/// One command in each turn of the hub, however many there are.
void hub::resume_next() {
    if (cut_short_.empty()) {
        return;
    }
    const auto next = std::move(cut_short_.front());
    cut_short_.pop_front();
    struct others {
        hub& all;
        ~others() {
            if (!all.cut_short_.empty()) {
                all.ring();
            }
        }
    };
    const others later{*this};
    for (const auto& one : commands_) {
        if (descends(next, one.who->greenlet)) {
            begin_slice(one.time_slice);
            break;
        }
    }
    checked(PyObject_CallMethod(next.get(), "switch", nullptr));
}

}  // namespace backdoor
