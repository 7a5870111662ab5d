#include "session/channel.hpp"

#include "session/forked.hpp"

#include <algorithm>
#include <utility>

namespace backdoor {

channel::channel(limits bounds, transport& client, std::shared_ptr<start_queue> starts)
    : max_output_{bounds.max_output},
      client_{&client},
      input_{bounds.max_input},
      starts_{std::move(starts)} {}

void channel::notify() {
    if (watching_) {
        watch_.ring();
    }
    changed_.notify_all();
    for (const auto& who : wakers_) {
        who->wake();
    }
    wakers_.clear();
}

void channel::wake_at_change(const std::shared_ptr<waker>& who) {
    if (std::find(wakers_.begin(), wakers_.end(), who) == wakers_.end()) {
        wakers_.push_back(who);
    }
}

// ---- input ------------------------------------------------------------------------------------

std::size_t channel::peek_block(std::string& block) const {
    const lock guard{mutex_};
    return input_.peek_block(block);
}

void channel::skip_lines(std::size_t count) {
    const lock guard{mutex_};
    input_.skip_lines(count);
    want_input_where_it_has_room();
}

void channel::push(std::string_view lines) {
    lock guard{mutex_};
    input_.push(lines);
    if (editor_) {
        editor_->reads = false;
    }
    for (const auto& who : std::exchange(wakers_, {})) {
        who->wake();
    }
    // Not under the lock, for which the console would have to wait again at once.
    guard.unlock();
    changed_.notify_all();
}

bool channel::is_input_full() const {
    const lock guard{mutex_};
    return input_.is_full();
}

void channel::push_end(std::string_view rest) {
    const lock guard{mutex_};
    input_.push_end(rest);
    notify();
}

void channel::drop_input() {
    input_.drop();
    want_input_where_it_has_room();
}

void channel::want_input_where_it_has_room() {
    if (input_.make_room() && client_ != nullptr) {
        client_->want_input();
    }
}

void channel::wake_with(std::string notice) {
    if (editor_) {
        editor_->asked.reset();
        editor_->answering = editor_->reads = false;
        editor_->news.wanted.reset();
    }
    interrupted_ = true;
    notice_ = std::move(notice);
    notify();
}

bool channel::interrupt() {
    const lock guard{mutex_};
    drop_input();
    if (!has_prompt() && has_no_program_to_interrupt()) {
        return true;
    }
    const bool woken = waits_or_answers();
    wake_with({});
    return woken;
}

bool channel::wake_with_interrupt() {
    const lock guard{mutex_};
    if (waiting_ > 0) {
        wake_with({});
    }
    return waiting_ > 0;
}

bool channel::take_interrupt() {
    const lock guard{mutex_};
    return waiting_ == 0 && std::exchange(interrupted_, false);
}

void channel::give_back_interrupt() {
    const lock guard{mutex_};
    wake_with({});
}

void channel::reject(std::string notice) {
    const lock guard{mutex_};
    drop_input();
    if (!has_prompt() && has_no_program_to_interrupt()) {
        return;
    }
    if (waits_or_answers()) {
        wake_with(std::move(notice));
    } else if (client_ != nullptr) {
        append(notice);
        send_gathered();
    }
}

void channel::close() noexcept {
    const lock guard{mutex_};
    client_ = nullptr;
    output_.drop();
    notify();
}

// ---- output -----------------------------------------------------------------------------------

std::size_t channel::unsent() const {
    return output_.unsent() + (editor_ ? editor_->news.text.size() : 0);
}

void channel::append(std::string_view text, sink to) {
    if (editor_) {
        editor_->news.text += text;
    } else {
        output_.append(text, to);
    }
}

void channel::send_gathered() {
    if (editor_ && client_ != nullptr && !editor_->news.text.empty()) {
        call_editor();
    }
    send_output();
}

void channel::send_output() {
    const bool was_full = full();
    if (client_ != nullptr) {
        output_.send_to(*client_);
    }
    if (!running_) {
        output_.keep_little();
    }
    if (was_full && !full()) {
        notify();
    }
}

void channel::tell(std::string_view text, sink to) {
    const lock guard{mutex_};
    if (client_ != nullptr && !full()) {
        append(text, to);
        send_gathered();
    }
    output_.keep_none();  // thousands may be told a banner, and then say nothing
}

bool channel::is_flooded() const {
    const lock guard{mutex_};
    // A console may write as much again when it is nearly full, and each byte may become two.
    return unsent() >= 4 * max_output_ + gathered_output::worth_sending;
}

bool channel::try_write(std::string_view text, sink to) {
    if (in_forked_child()) {
        return false;
    }
    const lock guard{mutex_};
    if (client_ == nullptr || interrupted_ || text.size() >= gathered_output::worth_sending || full()) {
        return false;
    }
    append(text, to);
    if (!running_ || unsent() >= gathered_output::worth_sending) {
        send_gathered();
    }
    return true;
}

outcome channel::write(std::string_view text, sink to) {
    if (in_forked_child()) {
        return outcome::closed;
    }
    lock guard{mutex_};
    for (;;) {
        if (const auto result = try_to_write(text, to)) {
            return *result;
        }
        const wait_of_console waiting{*this};
        changed_.wait(guard, [&] { return client_ == nullptr || interrupted_ || !full(); });
        if (std::exchange(interrupted_, false)) {
            return outcome::interrupted;
        }
    }
}

/// Nothing where the client does not read.
std::optional<outcome> channel::try_to_write(std::string_view& text, sink to) {
    while (!text.empty() && client_ != nullptr) {
        if (full()) {
            send_gathered();
        }
        if (full()) {
            return std::nullopt;
        }
        const auto sent = editor_ ? 0 : output_.send_uncopied(*client_, text);
        text.remove_prefix(sent);
        if (sent > 0) {
            continue;
        }
        const auto part = text.substr(0, max_output_);
        text.remove_prefix(part.size());
        append(part, to);
        if (!running_ || unsent() >= gathered_output::worth_sending) {
            send_gathered();
        }
    }
    return client_ == nullptr ? outcome::closed : outcome::done;
}

bool channel::flush() {
    const lock guard{mutex_};
    send_gathered();
    const bool will_run = !input_.empty() || interrupted_ ||
                          (frames_ && (frames_->next || frames_->input_ends));
    return (running_ || will_run) && client_ != nullptr;
}

void channel::drain() {
    const lock guard{mutex_};
    output_.unblock();
    send_gathered();
    output_.forget_sent();
}

bool channel::is_closed() const {
    const lock guard{mutex_};
    return client_ == nullptr;
}

bool channel::is_waiting() const {
    const lock guard{mutex_};
    return waiting_ > 0;
}

std::size_t channel::waits() const {
    const lock guard{mutex_};
    return waits_;
}

bool channel::drained() const {
    const lock guard{mutex_};
    return unsent() == 0;
}

void channel::encode_for_telnet() {
    const lock guard{mutex_};
    output_.encode_for_telnet();
}

void channel::send_protocol(std::string_view bytes) {
    const lock guard{mutex_};
    if (client_ != nullptr) {
        output_.append_protocol(bytes);
        send_gathered();
    }
}

}  // namespace backdoor
