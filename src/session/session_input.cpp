// A session's input, from the socket to its console's queue.
#include "session/session.hpp"

#include "session/guarded_handler.hpp"
#include "session/io_thread.hpp"
#include "session/opening.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace backdoor {

namespace {

/// What no line splitter and no telnet codec would have a say in.
bool are_plain_lines(std::string_view bytes) {
    return bytes.ends_with('\n') && std::all_of(bytes.begin(), bytes.end(), [](char byte) {
               const auto value = static_cast<unsigned char>(byte);
               return (value >= ' ' && value != 0xff) || value == '\t' || value == '\n';
           });
}

}  // namespace

void session::wait_for_input() {
    if (reading_ || !socket_) {
        return;
    }
    reading_ = true;
    wait_for_socket();
}

void session::on_readable() {
    const std::lock_guard guard{receiving_};
    between_lines_ = false;
    delivered_ = false;
    auto& buffer = group_->io().receive_buffer();
    const auto size = recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    last_input_ = std::chrono::steady_clock::now();
    if (size < 0) {
        if (errno == EAGAIN || errno == EINTR) {
            wait_for_input();
        } else {
            close();
        }
        return;
    }
    if (finishing_) {
        // What a client still sends after exit() is read and forgotten: closing with bytes unread
        // would reset the connection before it has read our last ones.
        size == 0 ? close() : wait_for_input();
        return;
    }
    if (size == 0) {
        if (frames_) {
            close();  // it has other words for the end of its input
            return;
        }
        if (opening_) {
            receive(codec_.receive(opening_->take()));
        }
        receive(codec_.finish());
        if (socket_) {
            end_of_input();
        }
        return;
    }
    if (std::exchange(silent_, false) || std::exchange(pressed_enter_, false)) {
        timer_.reset();
    }
    const std::string_view bytes{buffer.data(), static_cast<std::size_t>(size)};
    receive(bytes);
    between_lines_ =
        console_ && bytes.ends_with('\n') && !is_telnet_ && !opening_ && !frames_ && !input_over_;
    if (between_lines_ && delivered_ && channel_->can_watch_input()) {
        return;  // until want_input(), which comes before the console sleeps, or flush()
    }
    read_on();
}

void session::read_on() {
    // A client that sends but does not read what it is sent for that is waited for.
    if ((!input_over_ || frames_) && !channel_->is_input_full() && !channel_->is_flooded()) {
        wait_for_input();
    }
}

void session::want_input() noexcept {
    if (!reading_) {
        wish_for(input);
    }
}

int session::input_descriptor() noexcept {
    const std::unique_lock guard{receiving_, std::try_to_lock};
    return guard && between_lines_ && !reading_ ? fd_ : -1;
}

std::size_t session::receive_lines(std::string& lines, std::size_t most) {
    const std::unique_lock guard{receiving_, std::try_to_lock};
    if (!guard || !between_lines_) {
        return 0;
    }
    std::array<char, 4096> buffer;
    const auto seen = recv(fd_, buffer.data(), std::min(buffer.size(), most),
                           MSG_PEEK | MSG_DONTWAIT);
    if (seen <= 0 || !are_plain_lines({buffer.data(), static_cast<std::size_t>(seen)})) {
        return 0;
    }
    lines.reserve(lines.size() + static_cast<std::size_t>(seen));  // may fail, as yet
    const auto size = recv(fd_, buffer.data(), static_cast<std::size_t>(seen), MSG_DONTWAIT);
    lines.append(buffer.data(), static_cast<std::size_t>(size));
    last_input_ = std::chrono::steady_clock::now();
    if (!attended_) {
        wish_for(attending);
    }
    return static_cast<std::size_t>(size);
}

void session::receive(std::string_view bytes) {
    std::string all;
    if (opening_) {
        switch (opening_->receive(bytes)) {
            case frames::opening::verdict::more:
                return;
            case frames::opening::verdict::plain:
                all = opening_->take().append(bytes);
                bytes = all;
                opening_.reset();
                break;
            case frames::opening::verdict::framed:
                begin_frames();
                break;
        }
    }
    if (frames_) {
        receive_frames(bytes);
    } else if (!bytes.empty() && socket_) {
        receive(codec_.receive(bytes));
    }
}

void session::receive(const std::vector<telnet::event>& events) {
    // The protocol's answers first: after Ctrl-C a telnet client drops all that comes before them.
    if (const auto replies = codec_.take_output(); !replies.empty()) {
        channel_->send_protocol(replies);
    }
    for (const auto& event : events) {
        if (!socket_) {
            return;
        }
        receive(event);
    }
    // What they led to: questions of ours, and what the terminal is to show.
    if (const auto request = codec_.take_output(); !request.empty()) {
        channel_->send_protocol(request);
    }
    if (terminal_) {
        terminal_->show();
    }
}

void session::receive(const telnet::event& event) {
    if (const auto* text = std::get_if<telnet::data>(&event)) {
        terminal_ ? terminal_->type(text->bytes) : receive_text(text->bytes);
    } else if (const auto* what = std::get_if<telnet::control>(&event)) {
        terminal_ ? terminal_->press(*what) : control(*what);
    } else if (std::holds_alternative<telnet::peer_is_telnet>(event)) {
        channel_->encode_for_telnet();
        is_telnet_ = true;
        if (!login_) {
            ask_for_character_mode();
        }
    } else if (const auto* mode = std::get_if<telnet::mode_changed>(&event)) {
        change_mode(mode->character_mode);
    } else if (const auto* size = std::get_if<telnet::window_size>(&event)) {
        resize(*size);
    } else if (const auto* type = std::get_if<telnet::terminal_type>(&event)) {
        use(*type);
    }
}

void session::control(telnet::control what) {
    if (login_) {
        return;  // there is nothing yet that it could be meant for
    }
    switch (what) {
        case telnet::control::interrupt:
        case telnet::control::abort:
            splitter_.take_rest();
            interrupt();
            break;
        case telnet::control::end_of_file:
            end_of_input();
            break;
        case telnet::control::erase_line:
            splitter_.take_rest();
            break;
        case telnet::control::suspend:
        case telnet::control::erase_character:
            break;
    }
}

void session::receive_text(std::string_view bytes) {
    if (!spoken_ && splitter_.empty() &&
        !foreign_protocol(bytes.substr(0, bytes.find('\n'))).empty()) {
        // TLS, which has no lines.
        is_welcome(bytes);
        return;
    }
    if (login_ && !log_in(bytes)) {
        return;
    }
    look_for_raw_terminal(bytes);
    std::string lines;
    while (!bytes.empty() && !input_over_ && socket_) {
        // The first line by itself: an interrupt behind it must not take it away unseen.
        const auto end = spoken_ ? bytes.size() : std::min(bytes.find('\n'), bytes.size() - 1) + 1;
        auto some = bytes.substr(0, end);
        const auto stopped = splitter_.receive(some, lines);
        bytes.remove_prefix(end - some.size());
        deliver(lines);
        lines.clear();
        switch (stopped) {
            case line_splitter::stop::none:
                break;
            case line_splitter::stop::interrupt:
                interrupt();
                break;
            case line_splitter::stop::end:
                end_of_input();
                return;
            case line_splitter::stop::too_long:
                if (!std::exchange(spoken_, true) && may_be_request(splitter_.dropped())) {
                    group_->refuse(*trail_, "its first line, of more than " +
                                                std::to_string(group_->choices().max_input) +
                                                " bytes (options.max_input), may be HTTP's");
                    close();
                    return;
                }
                channel_->reject("backdoor: a line of more than " +
                                 std::to_string(group_->choices().max_input) +
                                 " bytes was dropped (options.max_input)\n" +
                                 (console_ ? "" : ">>> "));
                break;
        }
    }
}

void session::deliver(const std::string& lines) {
    if (!lines.empty() && is_welcome(lines)) {
        channel_->push(lines);
        delivered_ = true;
        start_console();
        attend();
    }
}

bool session::is_welcome(std::string_view first) {
    if (std::exchange(spoken_, true)) {
        return true;
    }
    const auto protocol = foreign_protocol(first.substr(0, first.find('\n')));
    if (protocol.empty()) {
        return true;
    }
    const auto reason = "it speaks " + std::string{protocol};
    group_->refuse(*trail_, reason);
    close();
    return false;
}

}  // namespace backdoor
