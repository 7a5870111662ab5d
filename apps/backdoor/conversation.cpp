#include "conversation.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <utility>

namespace backdoor::client {

namespace {

// What waits to be written, or to be sent, before no more is read.
constexpr std::size_t most_waiting = 256 * 1024;

// How long a server may take to answer, where nothing else is said.
constexpr std::chrono::seconds answer_limit{10};

/// A terminal that can do more than print.
bool has_terminal() {
    const char* const type = std::getenv("TERM");
    return isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0 && type != nullptr &&
           *type != '\0' && std::string_view{type} != "dumb";
}

}  // namespace

conversation::conversation(std::unique_ptr<stream> to_server, signals& noted,
                           std::optional<clock::time_point> deadline)
    : line_{std::move(to_server)}, signals_{noted}, deadline_{deadline} {}

// ---- what is asked of it ------------------------------------------------------------------------

void conversation::open(const std::string& token) {
    frames::fields about;
    if (!token.empty()) {
        about.add("token", token);
    }
    line_.send(frames::type::hello, about.encode());
    const auto chosen = deadline_;
    deadline_ = chosen.value_or(clock::now() + answer_limit);
    try {
        wait_for(frames::type::welcome);
    } catch (const failure& problem) {
        if (problem.status() == status::timed_out && !chosen) {
            throw failure{status::usage,
                          "no answer came within " + std::to_string(answer_limit.count()) + " s"};
        }
        // There was no console yet that could be lost.
        throw failure{problem.status() == status::lost ? status::usage : problem.status(),
                      problem.what()};
    }
    deadline_ = chosen;
}

int conversation::run(const program& what) {
    runs_ = true;
    asked_for_input_ = false;
    interrupts_ = 0;
    line_.send(frames::type::source, what.source);
    frames::fields how;
    how.add("kind", what.kind);
    how.add("name", what.name);
    for (const auto& one : what.arguments) {
        how.add("argument", one);
    }
    const auto encoded = how.encode();
    if (encoded.size() > frames::max_payload) {
        throw failure{status::usage, "the arguments have more than " +
                                         std::to_string(frames::max_payload) + " bytes"};
    }
    line_.send(frames::type::run, encoded);
    const auto ended = wait_for(frames::type::ended);
    runs_ = false;
    return ended.payload.empty() ? 1 : static_cast<unsigned char>(ended.payload.front());
}

int conversation::prompt(const prompt_choices& choices) {
    choices_ = choices;
    deadline_.reset();
    runs_ = true;
    frames::fields how;
    if (choices.quiet) {
        how.add("quiet", "");
    }
    if (has_terminal()) {
        mode_ = mode::keys;
        send_window_size();
        how.add("terminal", std::getenv("TERM"));
        how.add("colour", choices.colour);
        if (!choices.history.empty()) {
            send_past();
            how.add("history", "");
        }
        terminal_.emplace();
    } else {
        mode_ = mode::lines;
    }
    line_.send(frames::type::prompt, how.encode());
    const auto ended = [&] {
        try {
            return wait_for(frames::type::ended);
        } catch (...) {
            end_line();
            throw;
        }
    }();
    terminal_.reset();
    tell_of_history();
    return ended.payload.empty() ? 0 : static_cast<unsigned char>(ended.payload.front());
}

void conversation::send_past() {
    history_.emplace(choices_.history);
    if (const auto past = history_->past(); !past.empty()) {
        line_.send(frames::type::past, past);
    }
}

void conversation::tell_of_history() const {
    if (history_ && !history_->problem().empty()) {
        std::cerr << "backdoor: " << history_->problem() << std::endl;
    }
}

/// What comes next on the terminal is not the console's.
void conversation::end_line() {
    if (terminal_) {
        terminal_.reset();
        (void)!write(STDOUT_FILENO, "\n", 1);
    }
}

// ---- waiting ------------------------------------------------------------------------------------

frames::frame conversation::wait_for(frames::type what) {
    for (;;) {
        // What the program has said is out before its end counts.
        while (output_.empty() && !answers_.empty()) {
            auto one = std::move(answers_.front());
            answers_.pop_front();
            if (one.type == what) {
                return one;
            }
        }
        if (left_) {
            return {frames::type::ended, {}};
        }
        if (lost_ && output_.empty()) {
            throw failure{*lost_};
        }
        step();
    }
}

bool conversation::wants_input() const {
    return (mode_ != mode::program || asked_for_input_) && line_.unsent() < most_waiting;
}

void conversation::step() {
    const bool listens = !lost_ && output_.size() < most_waiting && answers_.empty();
    const auto to_server = static_cast<short>((listens ? POLLIN : 0) |
                                              (line_.wants_to_send() ? POLLOUT : 0));
    std::array<pollfd, 4> ready{{
        {to_server != 0 ? line_.fd() : -1, to_server, 0},
        {signals_.fd(), POLLIN, 0},
        {wants_input() ? STDIN_FILENO : -1, POLLIN, 0},
        {output_.empty() ? -1 : output_.fd(), POLLOUT, 0},
    }};
    const int count = poll(ready.data(), ready.size(), deadline_ ? milliseconds_until(*deadline_) : -1);
    if (deadline_ && clock::now() >= *deadline_) {
        throw failure{status::timed_out, "timed out (--timeout)"};
    }
    if (count < 0) {
        return;  // EINTR
    }
    if (ready[1].revents != 0) {
        take_signals();
    }
    if (ready[3].revents != 0) {
        output_.write();
    }
    if ((ready[0].revents & POLLOUT) != 0) {
        line_.flush();
    }
    if (listens && (ready[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
        try {
            line_.receive();
        } catch (const failure& problem) {
            lost_ = problem;
        }
        take_frames();
    }
    if (ready[2].revents != 0) {
        read_input();
    }
}

void conversation::take_frames() {
    while (auto one = line_.next()) {
        switch (one->type) {
            case frames::type::output:
                output_.add(STDOUT_FILENO, one->payload);
                break;
            case frames::type::error_output:
                output_.add(STDERR_FILENO, one->payload);
                break;
            case frames::type::typed:
                if (history_) {
                    history_->add(one->payload);
                }
                break;
            case frames::type::wants_input:
                asked_for_input_ = true;
                break;
            default:
                answers_.push_back(std::move(*one));
        }
    }
}

}  // namespace backdoor::client
