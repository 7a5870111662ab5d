// A client's terminal: its line editor between the keys and the console.
#pragma once

#include "editor/line_editor.hpp"
#include "session/channel.hpp"
#include "telnet/event.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor {

/// What a terminal's keys come to, for its session.
class keyboard_user {
public:
    virtual ~keyboard_user() = default;

    /// A whole block, in lines.
    virtual void submit(const std::string& block) = 0;
    virtual void interrupt() = 0;
    /// At the prompt.
    virtual void end_of_input() = 0;
    /// There is a question for the console, or an answer.
    virtual void wake_console() = 0;
};

/// Exists while the client's terminal is in character mode. Lives on the IO thread.
class terminal : public std::enable_shared_from_this<terminal> {
public:
    /// `answer_limit`: how long an Enter or a Tab waits for the console to answer.
    terminal(boost::asio::io_context& io, keyboard_user& user, channel& console,
             editor::history& past, editor::settings chosen,
             std::chrono::milliseconds answer_limit);

    /// Reads what is wanted. The first prompt takes the place of the one that stood there before.
    void begin(request wanted);
    void type(std::string_view keys);
    void press(telnet::control what);
    void resize(telnet::window_size size) { editor_.resize(size.columns, size.rows); }
    void set_colour(bool on) { editor_.set_colour(on); }
    void print(std::string_view text);

    /// Takes what the console has to say.
    void attend();
    /// Sends what has come of all that.
    void show();
    /// Edits no more, and gives the terminal its own ways back.
    void leave();
    /// The same where the client goes on without an editor.
    void hand_over();

private:
    void handle(std::vector<editor::event> events);
    void handle(const editor::submitted& typed);
    void ask(question what);
    void give_up_question();
    bool is_asking() const { return deadline_ != nullptr; }

    boost::asio::io_context& io_;
    keyboard_user& user_;
    channel& console_;
    const std::chrono::milliseconds answer_limit_;
    editor::line_editor editor_;
    request current_;
    std::unique_ptr<boost::asio::steady_timer> deadline_;  // of the question that is asked
    bool asks_completion_ = false;
    bool prompt_stands_ = true;
};

}  // namespace backdoor
