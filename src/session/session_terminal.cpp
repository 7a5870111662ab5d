// A session whose client is telnet on a terminal.
#include "session/session.hpp"

#include "editor/highlighter.hpp"
#include "session/access.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace backdoor {

namespace {

// A script reads the prompt and writes; who is silent for so long is a person, or asleep.
constexpr std::chrono::milliseconds probe_delay{250};

constexpr const char* first_prompt = ">>> ";
constexpr const char* second_prompt = "... ";

/// By its name, as a service has no terminal database to ask. The host's NO_COLOR says that none is
/// wanted (no-color.org).
bool has_colours(std::string_view type) {
    static constexpr std::array<std::string_view, 9> families = {
        "xterm", "screen", "tmux", "rxvt", "linux", "konsole", "gnome", "putty", "alacritty"};
    const char* const refused = std::getenv("NO_COLOR");
    const bool wanted = refused == nullptr || *refused == '\0';
    return wanted && (type.find("color") != std::string_view::npos ||
                      std::any_of(families.begin(), families.end(), [&](std::string_view family) {
                          return type.starts_with(family);
                      }));
}

}  // namespace

// ---- character mode ---------------------------------------------------------------------------

void session::look_for_telnet() {
    const auto how = group_->choices().telnet;
    if (is_telnet_ || (how == telnet_mode::always && is_tcp(fd_))) {
        ask_for_character_mode();
        channel_->send_protocol(codec_.take_output());
        return;
    }
    if (how == telnet_mode::never || !is_tcp(fd_)) {
        return;
    }
    silent_ = true;
    call_later(probe_delay, &session::probe);
}

// `socat -,raw,echo=0` and the like send what is typed, key by key, and CR for Enter: scripts do not.
void session::look_for_raw_terminal(std::string_view bytes) {
    constexpr std::size_t longest_key = 8;
    types_keys_ = types_keys_ && !spoken_ && !is_telnet_ && bytes.size() <= longest_key &&
                  bytes.find('\n') == std::string_view::npos;
    if (types_keys_ && bytes.ends_with('\r') &&
        group_->choices().telnet != telnet_mode::never) {
        // Unless LF follows.
        pressed_enter_ = true;
        call_later(probe_delay, &session::edit_on_raw_terminal);
    }
}

void session::edit_on_raw_terminal() {
    timer_.reset();
    pressed_enter_ = false;
    const auto typed = splitter_.take_rest();
    if (!input_over_ && !finishing_ && is_welcome(typed)) {
        begin_editing();
        terminal_->type(typed);
        terminal_->show();
    }
}

void session::ask_for_character_mode() {
    if (group_->choices().telnet != telnet_mode::never) {
        codec_.request_character_mode();
    }
}

void session::probe() {
    timer_.reset();
    if (std::exchange(silent_, false)) {
        channel_->send_protocol(codec_.hidden_probe() + first_prompt);
    }
}

void session::change_mode(bool character_mode) {
    if (!character_mode) {
        end_editing();
    } else if (login_ || group_->choices().telnet == telnet_mode::never) {
        // Some clients ask for it themselves (plink). Their own line mode has an echo; and who has not
        // shown a token yet has nothing to edit.
        request_line_mode();
    } else if (!finishing_ && !input_over_) {
        begin_editing();
    }
}

void session::use(const telnet::terminal_type& type) {
    if (type.name.empty() || type.name == "dumb") {
        // It can only print: its own line mode is all the editing there can be.
        request_line_mode();
    }
    colour_ = has_colours(type.name);
    if (terminal_) {
        terminal_->set_colour(colour_);
        channel_->set_screen(terminal_screen());
    }
}

void session::resize(const telnet::window_size& size) {
    window_ = size;
    if (terminal_) {
        terminal_->resize(size);
        channel_->set_screen(terminal_screen());
    }
}

screen session::terminal_screen() const {
    editor::settings shown;
    if (window_) {
        shown.columns = window_->columns;
        shown.rows = window_->rows;
    }
    shown = editor::with_known_size(shown);
    return {shown.columns, shown.rows, colour_};
}

void session::request_line_mode() {
    codec_.request_line_mode();
    channel_->send_protocol(codec_.take_output());
}

void session::begin_editing() {
    spoken_ = true;  // it is telnet, and nothing else
    if (!terminal_) {
        static const editor::python_highlighter python;
        editor::settings chosen;
        chosen.colour = colour_;
        chosen.syntax = &python;
        chosen.max_block = std::min(chosen.max_block, group_->choices().max_input);
        auto& past = frames_ && frames_->own_history ? frames_->own_history->blocks()
                                                     : group_->history(user_).blocks();
        terminal_ = std::make_shared<terminal>(context_, *this, *channel_, past, chosen,
                                               group_->choices().editor_wait);
        if (window_) {
            terminal_->resize(*window_);
        }
        channel_->attach_editor(console_ == nullptr, terminal_screen());
        if (const auto typed = splitter_.take_rest(); !typed.empty()) {
            terminal_->type(typed);
        }
    }
    if (!console_) {
        terminal_->begin({read_kind::statement, first_prompt, second_prompt});
    }
}

void session::end_editing() {
    if (terminal_) {
        terminal_->attend();
        terminal_->hand_over();
        terminal_.reset();
        channel_->detach_editor();
        if (!console_ && !finishing_) {
            channel_->tell(first_prompt);
        }
    }
}

// ---- what its keys come to --------------------------------------------------------------------

void session::submit(const std::string& block) {
    if (socket_) {
        if (frames_ && frames_->own_history) {
            tell_history();
        } else {
            group_->history(user_).save([this](std::string_view line) { group_->log(line); });
        }
        deliver(block);
    }
}

void session::wake_console() {
    if (socket_) {
        start_console();
        attend();
    }
}

}  // namespace backdoor
