// A session whose client speaks frames: the `backdoor` client.
#include "session/session.hpp"

#include "frames/frame.hpp"
#include "session/io_thread.hpp"
#include "telnet/subnegotiation.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace backdoor {

namespace {

constexpr std::string_view first_prompt = ">>> ";

std::optional<program::kind> kind_of(std::string_view name) {
    if (name == "command") {
        return program::kind::command;
    }
    if (name == "file") {
        return program::kind::file;
    }
    if (name == "expression") {
        return program::kind::expression;
    }
    if (name == "typed") {
        return program::kind::typed;
    }
    return name == "json" ? std::optional{program::kind::json} : std::nullopt;
}

}  // namespace

void session::begin_frames() {
    const auto chosen = opening_->chosen();
    opening_.reset();
    spoken_ = true;
    frames_ = std::make_unique<frames_client>();
    channel_->send_protocol(frames::answer(chosen));
    channel_->encode_as_frames();
}

void session::receive_frames(std::string_view bytes) {
    for (const auto& one : frames_->decoder.receive(bytes)) {
        if (!socket_ || finishing_) {
            return;
        }
        receive(one);
    }
    if (socket_ && frames_->decoder.failed()) {
        fail("a frame of more than " + std::to_string(frames::max_payload) + " bytes");
    }
    if (terminal_) {
        terminal_->show();
    }
}

void session::fail(const std::string& problem) {
    channel_->tell("backdoor: closed: " + problem + "\n", sink::error);
    channel_->flush();
    group_->log("backdoor closes " + trail_->known_as() + ": " + problem);
    close_because(problem);
}

void session::receive(const frames::frame& one) {
    using frames::type;
    if (!frames_->is_welcome && one.type != type::hello) {
        fail("no hello came first");
        return;
    }
    std::optional<frames::fields> given;
    if (one.type == type::hello || one.type == type::run || one.type == type::prompt) {
        given = frames::fields::decode(one.payload);
        if (!given) {
            fail("a frame whose fields cannot be read");
            return;
        }
    }
    switch (one.type) {
        case type::hello:
            receive_hello(*given);
            break;
        case type::source:
            frames_->source += one.payload;
            if (frames_->source.size() > group_->choices().max_input) {
                fail("a program of more than " + std::to_string(group_->choices().max_input) +
                     " bytes (options.max_input)");
            }
            break;
        case type::past:
            frames_->past += one.payload;
            if (frames_->past.size() > client_history::max_size) {
                fail("a history of more than " + std::to_string(client_history::max_size) +
                     " bytes");
            }
            break;
        case type::run:
            run(*given);
            break;
        case type::prompt:
            begin_prompt(*given);
            break;
        case type::input:
            receive_input(one.payload);
            break;
        case type::end_of_input:
            receive_end_of_input();
            break;
        case type::interrupt:
            terminal_ ? terminal_->press(telnet::control::interrupt)
                      : control(telnet::control::interrupt);
            break;
        case type::window_size:
            resize(one.payload);
            break;
        default:
            fail("a frame of a type that this server does not know");
    }
}

// ---- who is it --------------------------------------------------------------------------------

void session::receive_hello(const frames::fields& given) {
    if (frames_->is_welcome) {
        fail("a second hello");
        return;
    }
    if (login_ && input_over_) {
        return;  // its token was wrong, and it is told so soon
    }
    if (login_) {
        if (!given.has("token")) {
            fail("it wants a token (options.token), and the client has none");
            return;
        }
        const auto line = std::string{given["token"]} + "\n";
        std::string_view rest = line;
        if (!log_in(rest)) {
            return;
        }
    }
    welcome();
}

void session::welcome() {
    frames_->is_welcome = true;
    frames::fields about;
    about.add("pid", std::to_string(getpid()));
    about.add("program", program_invocation_short_name);
    std::string bytes;
    frames::append(bytes, frames::type::welcome, about.encode());
    channel_->send_protocol(bytes);
}

// ---- what is it to do -------------------------------------------------------------------------

void session::run(const frames::fields& given) {
    const auto kind = kind_of(given["kind"]);
    if (!kind || frames_->has_prompt) {
        fail(kind ? "a program, where there is a prompt" : "a program of a kind that there is not");
        return;
    }
    program next{*kind, std::exchange(frames_->source, {}), std::string{given["name"]},
                 given.all("argument")};
    if (!channel_->push_program(std::move(next))) {
        fail("a program, while another runs");
        return;
    }
    start_console();
    attend();
}

void session::begin_prompt(const frames::fields& given) {
    if (std::exchange(frames_->has_prompt, true)) {
        fail("a second prompt");
        return;
    }
    if (!given.has("quiet")) {
        try {
            const auto& opening = group_->opening();
            channel_->tell(
                std::string_view{opening}.substr(0, opening.size() - first_prompt.size()));
        } catch (const std::exception& failure) {
            fail(failure.what());
            return;
        }
    }
    channel_->begin_prompt();
    if (given.has("history")) {
        frames_->own_history.emplace(std::exchange(frames_->past, {}));
    }
    if (given.has("terminal") && given["terminal"] != "dumb") {
        use(telnet::terminal_type{std::string{given["terminal"]}});
        if (const auto colour = given["colour"]; colour == "always" || colour == "never") {
            colour_ = colour == "always";
        }
        begin_editing();
    } else if (!console_) {
        channel_->tell(first_prompt);
    }
}

void session::tell_history() {
    if (const auto text = frames_->own_history->take_new(); !text.empty()) {
        std::string bytes;
        frames::append(bytes, frames::type::typed, text);
        channel_->send_protocol(bytes);
    }
}

void session::resize(std::string_view payload) {
    frames::window_size size;
    if (!frames::decode(payload, size)) {
        fail("a window's size that is none");
        return;
    }
    resize(telnet::window_size{std::clamp<int>(size.columns, 1, telnet::max_window),
                               std::clamp<int>(size.rows, 1, telnet::max_window)});
}

void session::receive_input(std::string_view bytes) {
    if (input_over_) {
        return;
    }
    if (terminal_) {
        terminal_->type(bytes);
    } else if (frames_->has_prompt) {
        receive_text(bytes);
    } else {
        channel_->push_bytes(bytes);
        attend();
    }
}

void session::receive_end_of_input() {
    if (frames_->has_prompt) {
        end_of_input();
    } else {
        channel_->push_end_of_bytes();
        attend();
    }
}

}  // namespace backdoor
