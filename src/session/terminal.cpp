#include "session/terminal.hpp"

#include <utility>
#include <variant>

namespace backdoor {

namespace {

/// The key that means the same, where the terminal sends the protocol's word for it.
std::string_view key_of(telnet::control what) {
    switch (what) {
        case telnet::control::interrupt:
        case telnet::control::abort:
            return "\x03";
        case telnet::control::end_of_file:
            return "\x04";
        case telnet::control::suspend:
            return "\x1a";
        case telnet::control::erase_character:
            return "\x7f";
        case telnet::control::erase_line:
            return "\x15";
    }
    return {};
}

}  // namespace

terminal::terminal(boost::asio::io_context& io, keyboard_user& user, channel& console,
                   editor::history& past, editor::settings chosen,
                   std::chrono::milliseconds answer_limit)
    : io_{io}, user_{user}, console_{console}, answer_limit_{answer_limit}, editor_{past, chosen} {}

void terminal::begin(request wanted) {
    if (editor_.is_reading() && wanted == current_) {
        return;  // it was woken without having been answered, and asks for the same again
    }
    current_ = std::move(wanted);
    if (std::exchange(prompt_stands_, false) && current_.kind == read_kind::statement) {
        console_.show("\r\x1b[K");
    }
    if (current_.kind == read_kind::statement) {
        handle(editor_.begin(current_.prompt, current_.continuation));
    } else {
        handle(editor_.begin_plain(current_.prompt, current_.kind == read_kind::line));
    }
}

void terminal::type(std::string_view keys) { handle(editor_.feed(keys)); }

void terminal::press(telnet::control what) { type(key_of(what)); }

void terminal::handle(std::vector<editor::event> events) {
    for (auto& event : events) {
        if (const auto* typed = std::get_if<editor::submitted>(&event)) {
            handle(*typed);
        } else if (std::holds_alternative<editor::interrupted>(event)) {
            deadline_.reset();
            user_.interrupt();
        } else if (std::holds_alternative<editor::end_of_input>(event)) {
            if (current_.kind == read_kind::statement) {
                user_.end_of_input();
            } else {
                console_.reply({});
                user_.wake_console();
            }
        } else if (auto* block = std::get_if<editor::wants_judgement>(&event)) {
            ask(std::move(*block));
        } else if (auto* begun = std::get_if<editor::wants_completion>(&event)) {
            ask(std::move(*begun));
        }
    }
}

void terminal::handle(const editor::submitted& typed) {
    if (current_.kind == read_kind::statement) {
        user_.submit(typed.text);
    } else {
        console_.reply(typed.text);
        user_.wake_console();
    }
}

// ---- questions --------------------------------------------------------------------------------

void terminal::ask(question what) {
    asks_completion_ = std::holds_alternative<editor::wants_completion>(what);
    deadline_ = std::make_unique<boost::asio::steady_timer>(io_, answer_limit_);
    deadline_->async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
        const auto self = weak.lock();
        if (!cancelled && self && self->is_asking()) {
            self->give_up_question();
        }
    });
    console_.ask(std::move(what));
    user_.wake_console();
}

void terminal::give_up_question() {
    deadline_.reset();
    console_.take_back_question();
    // A block that is not whole after all goes on at the console's second prompt.
    handle(asks_completion_ ? editor_.complete({}, 0) : editor_.judge(editor::verdict::whole));
    show();
}

// ---- output -----------------------------------------------------------------------------------

void terminal::print(std::string_view text) {
    prompt_stands_ = prompt_stands_ && text.empty();
    editor_.print_above(text);
}

void terminal::attend() {
    auto news = console_.take_news();
    print(news.text);
    if (news.answered && is_asking()) {
        deadline_.reset();
        if (const auto* found = std::get_if<completions>(&*news.answered)) {
            handle(editor_.complete(found->candidates, found->replaced));
        } else {
            handle(editor_.judge(std::get<editor::verdict>(*news.answered)));
        }
    }
    if (news.wanted) {
        begin(std::move(*news.wanted));
    }
    show();
}

void terminal::show() {
    if (const auto bytes = editor_.take_output(); !bytes.empty()) {
        console_.show(bytes);
    }
}

void terminal::leave() {
    deadline_.reset();
    editor_.cancel();
    show();
}

void terminal::hand_over() {
    if (is_asking() && !asks_completion_) {
        give_up_question();  // it was entered, and is to be run
    }
    deadline_.reset();
    editor_.hand_over();
    show();
}

}  // namespace backdoor
