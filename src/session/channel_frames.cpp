// A channel whose client speaks frames.
#include "session/channel.hpp"

#include "session/forked.hpp"

#include <utility>

namespace backdoor {

void channel::append_status(int status) {
    const char byte = static_cast<char>(status & 0xff);
    output_.append_frame(frames::type::ended, {&byte, 1});
}

bool channel::take_bytes(std::string& bytes) {
    if (input_.empty()) {
        return frames_->input_ends || input_.has_ended();
    }
    bytes = input_.take_all();
    want_input_where_it_has_room();
    return true;
}

void channel::ask_for_input() {
    if (!std::exchange(frames_->asked_for_input, true)) {
        output_.append_frame(frames::type::wants_input);
        send_output();
    }
}

bool channel::has_no_program_to_interrupt() {
    if (frames_->next) {
        // It would have been the first thing that it met.
        frames_->next.reset();
        append_status(interrupted_status);
        send_gathered();
        return true;
    }
    return !frames_->runs;
}

// ---- the console's side -----------------------------------------------------------------------

program channel::take_program() {
    const lock guard{mutex_};
    if (!frames_ || !frames_->next) {
        return {};
    }
    frames_->runs = true;
    auto next = std::move(*frames_->next);
    frames_->next.reset();
    return next;
}

void channel::end_program(int status) {
    if (in_forked_child()) {
        return;
    }
    const lock guard{mutex_};
    if (frames_ && client_ != nullptr && std::exchange(frames_->runs, false)) {
        frames_->input_ends = frames_->asked_for_input = false;
        interrupted_ = false;  // it was the program's
        append_status(status);
        send_gathered();
    }
}

// ---- the session's side -----------------------------------------------------------------------

void channel::encode_as_frames() {
    const lock guard{mutex_};
    frames_ = std::make_unique<frame_link>();
    output_.encode_as_frames();
}

bool channel::push_program(program next) {
    const lock guard{mutex_};
    if (!frames_ || frames_->next || frames_->runs) {
        return false;
    }
    frames_->next = std::move(next);
    notify();
    return true;
}

void channel::push_bytes(std::string_view bytes) {
    const lock guard{mutex_};
    input_.push(bytes);
    if (frames_) {
        frames_->asked_for_input = false;
    }
    notify();
}

void channel::push_end_of_bytes() {
    const lock guard{mutex_};
    if (frames_) {
        frames_->asked_for_input = false;
        frames_->input_ends = true;
    }
    notify();
}

void channel::begin_prompt() {
    const lock guard{mutex_};
    if (frames_) {
        frames_->prompts = true;
    }
    notify();
}

void channel::send_status(int status) {
    const lock guard{mutex_};
    if (frames_ && client_ != nullptr) {
        append_status(status);
        send_gathered();
    }
}

}  // namespace backdoor
