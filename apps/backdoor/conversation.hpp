// The client's work: between the user's terminal, or a script's pipes, and a console.
#pragma once

#include "connect.hpp"
#include "failure.hpp"
#include "line.hpp"
#include "output.hpp"
#include "own_history.hpp"
#include "raw_terminal.hpp"
#include "signals.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor::client {

/// What the console is to run.
struct program {
    std::string kind;  ///< as frames have it: command, file, expression, json
    std::string source;
    std::string name;
    std::vector<std::string> arguments;
};

struct prompt_choices {
    bool quiet = false;
    std::string colour = "auto";
    std::optional<char> escape = '\x1d';  ///< leaves at once
    std::string history;                  ///< the user's own file; empty: the server keeps it
};

/// Members throw failure and ended_by_signal.
class conversation {
public:
    /// `deadline`: for all but prompt(); there may be none.
    conversation(std::unique_ptr<stream> to_server, signals& noted,
                 std::optional<clock::time_point> deadline);

    /// Says who we are, with the token if there is one. Where there is no deadline, it waits for 10 s.
    void open(const std::string& token);
    /// Returns its exit status.
    int run(const program& what);
    /// Until the user or the console ends it. Returns the exit status.
    int prompt(const prompt_choices& choices);

private:
    enum class mode {
        program,   // input is read when the program asks for it
        lines,     // a prompt without a terminal
        keys,      // a prompt with one
    };

    void end_line();
    void send_past();
    void tell_of_history() const;
    frames::frame wait_for(frames::type what);
    void step();
    void take_frames();
    void read_input();
    void send_keys(std::string_view keys);
    void take_signals();
    void interrupt();
    void send_window_size(int wider = 0);
    void suspend();
    void resume();
    bool wants_input() const;

    line line_;
    output output_;
    signals& signals_;
    std::optional<clock::time_point> deadline_;
    std::optional<failure> lost_;
    mode mode_ = mode::program;
    bool asked_for_input_ = false;
    bool runs_ = false;   // a program, or the prompt
    int interrupts_ = 0;  // of this program
    bool left_ = false;
    prompt_choices choices_;
    std::optional<raw_terminal> terminal_;
    std::optional<own_history> history_;
    std::deque<frames::frame> answers_;
};

}  // namespace backdoor::client
