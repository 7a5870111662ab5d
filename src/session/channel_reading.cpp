// How a console reads from its channel.
#include "session/channel.hpp"

#include "session/forked.hpp"

#include <chrono>
#include <utility>

namespace backdoor {

namespace {

// How long a console that has answered waits for the next line at the socket, before the IO thread
// does. Through two threads a line takes several times as long; a script's next one comes within
// this time.
constexpr std::chrono::milliseconds watch_limit{100};

}  // namespace

bool channel::take_line(std::string& line) {
    if (!input_.take_line(line)) {
        return false;
    }
    want_input_where_it_has_room();
    return true;
}

bool channel::can_watch_input() const {
    const lock guard{mutex_};
    return can_watch_;
}

/// -1 where the IO thread brings it, or there is one: that may have to wait for a client that takes its output.
int channel::socket_of_next_line() const {
    const bool may_receive = !editor_ && input_.empty() && client_ != nullptr;
    return may_receive ? client_->input_descriptor() : -1;
}

/// False where from now on the IO thread is to wait for input. The caller looks in any case for
/// what has changed meanwhile.
bool channel::watch_input(lock& guard) {
    can_watch_ = true;
    const int socket = socket_of_next_line();
    auto how = input_watch::end::time_over;
    if (socket >= 0 && watch_.open()) {
        watching_ = true;
        guard.unlock();
        how = watch_.wait(socket, watch_limit);
        guard.lock();
        watching_ = false;
    }
    const bool goes_on =
        how == input_watch::end::rung ||
        (how == input_watch::end::readable && client_ != nullptr && input_.receive_from(*client_));
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
        return take_line(line) || input_.is_over();
    }
    if (!editor_->line) {
        return input_.has_ended();
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
    return interrupted_ || client_ == nullptr || asked || (!full() && (called || take(what, line)));
}

outcome channel::read_line(const reading& what, std::string& line) {
    if (in_forked_child()) {
        return outcome::closed;
    }
    starts_.leave();
    lock guard{mutex_};
    begin_read(line);
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

void channel::begin_read(std::string& line) {
    line.clear();
    running_ = false;
}

void channel::leave_read() { running_ = true; }

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

}  // namespace backdoor
