#include "session/channel.hpp"

#include "session/forked.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace backdoor {

namespace {

// Gathered output of this size is sent without waiting for the end of the command.
constexpr std::size_t send_threshold = 32 * 1024;
// The most that is handed to the kernel at once: the channel is locked meanwhile.
constexpr std::size_t send_chunk = 256 * 1024;
// An idle console keeps no buffers larger than this.
constexpr std::size_t keep_capacity = 1024;

// How long a console that has answered waits for the next line at the socket, before the IO thread does.
// Through two threads a line takes several times as long; a script's next one comes within this time.
constexpr std::chrono::milliseconds watch_limit{100};

void release(std::string& buffer) {
    if (buffer.capacity() > keep_capacity) {
        std::string{}.swap(buffer);
    } else {
        buffer.clear();
    }
}

}  // namespace

channel::channel(limits bounds, transport& client, std::shared_ptr<start_queue> starts)
    : bounds_{bounds}, client_{&client}, starts_{std::move(starts)} {}

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

bool channel::take_line(std::string& line) {
    const auto end = input_.find('\n', read_);
    if (end == std::string::npos && (!ended_ || read_ == input_.size())) {
        return false;
    }
    const auto next = end == std::string::npos ? input_.size() : end + 1;
    line.assign(input_, read_, next - read_);
    read_ = next;
    if (read_ == input_.size()) {
        release(input_);
        read_ = 0;
    } else if (read_ > input_.size() / 2 && read_ > keep_capacity) {
        input_.erase(0, read_);
        read_ = 0;
    }
    if (input_full_ && input_.size() - read_ < bounds_.max_input / 2) {
        input_full_ = false;
        if (client_ != nullptr) {
            client_->want_input();
        }
    }
    return true;
}

bool channel::can_watch_input() const {
    const lock guard{mutex_};
    return can_watch_;
}

/// False where from now on the IO thread is to wait for input. The caller looks in any case for what has
/// changed meanwhile.
bool channel::watch_input(lock& guard) {
    can_watch_ = true;
    // What has come already may have to wait for a client that takes its output.
    const bool may_receive = !editor_ && input_.empty() && client_ != nullptr;
    const int socket = may_receive ? client_->input_descriptor() : -1;
    auto how = input_watch::end::time_over;
    if (socket >= 0 && watch_.open()) {
        watching_ = true;
        guard.unlock();
        how = watch_.wait(socket, watch_limit);
        guard.lock();
        watching_ = false;
    }
    const bool goes_on = how == input_watch::end::rung ||
                         (how == input_watch::end::readable && client_ != nullptr &&
                          client_->receive_lines(input_, bounds_.max_input) > 0);
    if (!goes_on) {
        watch_.close();
    }
    return goes_on;
}

bool channel::try_read_line(const reading& what, std::string& line) {
    if (in_forked_child()) {
        return false;
    }
    const lock guard{mutex_};
    if (interrupted_ || client_ == nullptr || full() || !has_prompt() || !take_line(line)) {
        return false;
    }
    if (!editor_) {
        append(what.prompt);
    }
    return true;
}

bool channel::take(const reading& what, std::string& line) {
    if (!has_prompt()) {
        return what.kind != read_kind::statement && take_bytes(line);
    }
    if (!editor_ || what.kind == read_kind::statement) {
        return take_line(line) || input_is_over();
    }
    if (!editor_->line) {
        return ended_;
    }
    line = std::move(*editor_->line);
    editor_->line.reset();
    return true;
}

bool channel::read_is_over(const reading& what, std::string& line) {
    const bool between = what.kind == read_kind::statement;
    const bool asked = editor_ && editor_->asked && between;
    const bool called = frames_ && frames_->next && between;
    // A client that takes no output gets no further command run, or prompts would pile up.
    return interrupted_ || client_ == nullptr || asked ||
           (!full() && (called || take(what, line)));
}

outcome channel::read_line(const reading& what, std::string& line) {
    if (in_forked_child()) {
        return outcome::closed;
    }
    starts_.leave();
    lock guard{mutex_};
    begin_read(what, line);
    const auto result = wait_for_line(guard, what, line);
    guard.unlock();
    starts_.enter();
    return result;
}

outcome channel::wait_for_line(lock& guard, const reading& what, std::string& line) {
    const wait_of_console waiting{*this};
    bool prompted = what.is_shown;
    bool watches = true;
    while (!try_to_read(what, line, prompted)) {
        if (watches) {
            watches = watch_input(guard);
            continue;
        }
        if (client_ != nullptr) {
            client_->want_input();
        }
        changed_.wait(guard);
    }
    leave_read();
    return end_read(what, line);
}

void channel::begin_read(const reading& what, std::string& line) {
    line.clear();
    at_prompt_ = what.kind == read_kind::statement;
    running_ = false;
}

void channel::leave_read() {
    at_prompt_ = false;
    running_ = true;
}

bool channel::try_to_read(const reading& what, std::string& line, bool& prompted) {
    if (editor_) {
        prompted = false;
    } else if (has_prompt() && !std::exchange(prompted, true) && client_ != nullptr) {
        append(what.prompt);
    }
    send_gathered();
    if (read_is_over(what, line)) {
        return true;
    }
    if (takes_bytes(what)) {
        ask_for_input();
    }
    request_from_editor(what);
    return false;
}

outcome channel::end_read(const reading& what, std::string& line) {
    if (client_ == nullptr) {
        return outcome::closed;
    }
    if (frames_ && frames_->next && what.kind == read_kind::statement) {
        return outcome::program;
    }
    if (interrupted_) {
        interrupted_ = false;
        line = std::exchange(notice_, {});
        return outcome::interrupted;
    }
    if (line.empty() && editor_ && editor_->asked && what.kind == read_kind::statement) {
        running_ = false;
        return outcome::asked;
    }
    if (line.empty() && takes_bytes(what)) {
        frames_->input_ends = false;  // as on a terminal: the next read asks again
    }
    return line.empty() ? outcome::ended : outcome::done;
}

std::size_t channel::peek_block(std::string& block) const {
    const lock guard{mutex_};
    std::size_t count = 0;
    for (auto begin = read_;;) {
        const auto end = input_.find('\n', begin);
        if (end == std::string::npos) {
            return count;
        }
        block.append(input_, begin, end + 1 - begin);
        ++count;
        if (end == begin || input_[end - 1] == '\f') {
            return count;
        }
        begin = end + 1;
    }
}

void channel::skip_lines(std::size_t count) {
    const lock guard{mutex_};
    std::string line;
    while (count-- > 0 && take_line(line)) {
    }
}

void channel::push(std::string_view lines) {
    lock guard{mutex_};
    input_.append(lines);
    if (editor_) {
        editor_->reads = false;
    }
    input_full_ = input_.size() - read_ >= bounds_.max_input;
    for (const auto& who : std::exchange(wakers_, {})) {
        who->wake();
    }
    // Not under the lock, for which the console would have to wait again at once.
    guard.unlock();
    changed_.notify_all();
}

bool channel::is_input_full() const {
    const lock guard{mutex_};
    return input_full_;
}

void channel::push_end(std::string_view rest) {
    const lock guard{mutex_};
    input_.append(rest);
    ended_ = true;
    notify();
}

void channel::drop_input() {
    release(input_);
    read_ = 0;
    if (input_full_ && client_ != nullptr) {
        input_full_ = false;
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
    release(output_);
    sent_ = 0;
    notify();
}

// ---- output -----------------------------------------------------------------------------------

std::size_t channel::unsent() const {
    return output_.size() - sent_ + (editor_ ? editor_->news.text.size() : 0);
}

void channel::append(std::string_view text, sink to) {
    if (editor_) {
        editor_->news.text += text;
    } else if (frames_) {
        append_frame(to == sink::error ? frames::type::error_output : frames::type::output, text);
    } else if (encoder_) {
        encoder_->encode(text, output_);
    } else {
        output_.append(text);
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
    while (!blocked_ && client_ != nullptr && sent_ < output_.size()) {
        const auto rest = std::string_view{output_}.substr(sent_, send_chunk);
        const auto count = client_->send(rest);
        if (count < 0) {
            // The session closes; until then output goes nowhere.
            sent_ = output_.size();
            break;
        }
        sent_ += static_cast<std::size_t>(count);
        if (static_cast<std::size_t>(count) < rest.size()) {
            blocked_ = true;
            client_->want_writable();
        }
    }
    if (sent_ == output_.size()) {
        sent_ = 0;
        if (running_) {
            output_.clear();
        } else {
            release(output_);
        }
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
    if (output_.empty()) {
        std::string{}.swap(output_);  // thousands may be told a banner, and then say nothing
    }
}

bool channel::is_flooded() const {
    const lock guard{mutex_};
    // A console may write as much again when it is nearly full, and each byte may become two.
    return unsent() >= 4 * bounds_.max_output + send_threshold;
}

bool channel::try_write(std::string_view text, sink to) {
    if (in_forked_child()) {
        return false;
    }
    const lock guard{mutex_};
    if (client_ == nullptr || interrupted_ || text.size() >= send_threshold || full()) {
        return false;
    }
    append(text, to);
    if (!running_ || unsent() >= send_threshold) {
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
        if (!encoder_ && !editor_ && !frames_ && output_.empty() && !blocked_ &&
            text.size() >= send_threshold) {
            // A large print goes straight to the kernel.
            const auto sent = client_->send(text.substr(0, send_chunk));
            text.remove_prefix(static_cast<std::size_t>(std::max<std::ptrdiff_t>(sent, 0)));
            if (sent > 0) {
                continue;
            }
        }
        const auto part = text.substr(0, bounds_.max_output);
        text.remove_prefix(part.size());
        append(part, to);
        if (!running_ || unsent() >= send_threshold) {
            send_gathered();
        }
    }
    return client_ == nullptr ? outcome::closed : outcome::done;
}

bool channel::flush() {
    const lock guard{mutex_};
    send_gathered();
    const bool will_run = read_ < input_.size() || interrupted_ ||
                          (frames_ && (frames_->next || frames_->input_ends));
    return (running_ || will_run) && client_ != nullptr;
}

void channel::drain() {
    const lock guard{mutex_};
    blocked_ = false;
    // What is sent is thrown away only here and at the end: erasing it bit by bit would cost.
    send_gathered();
    output_.erase(0, sent_);
    sent_ = 0;
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
    encoder_.emplace();
}

void channel::send_protocol(std::string_view bytes) {
    const lock guard{mutex_};
    if (client_ != nullptr) {
        output_.append(bytes);
        send_gathered();
    }
}

}  // namespace backdoor
