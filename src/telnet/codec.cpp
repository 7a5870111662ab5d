#include "telnet/codec.hpp"

#include <utility>

#include "telnet/subnegotiation.hpp"

namespace backdoor::telnet {
namespace {

constexpr bool takes_option(unsigned char command) {
    return command >= static_cast<unsigned char>(verb::will) &&
           command <= static_cast<unsigned char>(verb::dont);
}

// What a peer says that knows of none.
constexpr window_size no_window{0, 0};

}  // namespace

std::vector<event> codec::receive(std::string_view bytes) {
    for (const char byte : bytes)
        decode(static_cast<unsigned char>(byte));
    flush();
    return std::exchange(events_, {});
}

std::vector<event> codec::finish() {
    const state last = std::exchange(state_, state::data);
    if (!telnet_ && last != state::data) {
        deliver(command::iac);
        if (last == state::option)
            deliver(static_cast<unsigned char>(verb_));
    }
    flush();
    return std::exchange(events_, {});
}

std::string codec::take_output() { return std::exchange(output_, {}); }

void codec::encode(std::string_view text, std::string& out) {
    if (telnet_)
        encoder_.encode(text, out);
    else
        out += text;
}

std::string codec::encode(std::string_view text) {
    std::string out;
    encode(text, out);
    return out;
}

void codec::request_character_mode() {
    // ECHO alone leaves a client in line mode without echo, SUPPRESS-GO-AHEAD alone in character
    // mode with its own echo.
    negotiation_.request_ours(option::echo, true, output_);
    negotiation_.request_ours(option::suppress_go_ahead, true, output_);
    negotiation_.request_theirs(option::window_size, true, output_);
    wants_terminal_type_ = true;
    if (telnet_)
        ask_terminal_type();
}

void codec::request_line_mode() {
    negotiation_.request_ours(option::echo, false, output_);
    negotiation_.request_ours(option::suppress_go_ahead, false, output_);
}

std::string codec::hidden_probe() {
    request_character_mode();
    if (output_.empty())
        return {};
    // A telnet client takes the commands out. A terminal behind anything else sees an Application
    // Program Command string, which it ignores, and clears the line for those that do not.
    return std::string("\x1b_") + take_output() + "\x1b\\\r\x1b[K";
}

void codec::decode(unsigned char byte) {
    switch (state_) {
        case state::data:
            if (byte == command::iac)
                state_ = state::command;
            else
                deliver(byte);
            break;
        case state::command:
            state_ = state::data;
            decode_command(byte);
            break;
        case state::option:
            state_ = state::data;
            decode_option(byte);
            break;
        case state::subnegotiation:
            if (byte == command::iac)
                state_ = state::subnegotiation_command;
            else
                collect(byte);
            break;
        case state::subnegotiation_command:
            decode_subnegotiation_command(byte);
            break;
    }
}

void codec::decode_command(unsigned char byte) {
    if (takes_option(byte)) {
        verb_ = static_cast<verb>(byte);
        state_ = state::option;
    } else if (!telnet_ && !is_first_command(byte)) {
        deliver(command::iac);
        deliver(byte);
    } else if (byte == command::iac) {
        deliver(byte);
    } else if (byte == command::sb) {
        subnegotiation_.clear();
        subnegotiation_valid_ = true;
        state_ = state::subnegotiation;
    } else {
        first_command();
        execute(byte);
    }
}

void codec::decode_option(unsigned char option) {
    if (!telnet_ && !is_first_negotiation(option)) {
        deliver(command::iac);
        deliver(static_cast<unsigned char>(verb_));
        decode(option);  // not an option then, perhaps an IAC
        return;
    }
    first_command();
    const bool refuses_type = verb_ == verb::wont && option == option::terminal_type &&
                              negotiation_.expects(verb_, option);
    negotiation_.receive(verb_, option, output_);

    if (negotiation_.theirs(option::terminal_type).enabled() && !terminal_type_asked_) {
        terminal_type_asked_ = true;
        for (const unsigned char byte : {command::iac, command::sb, option::terminal_type,
                                         terminal_type_command::send, command::iac, command::se})
            output_ += static_cast<char>(byte);
    }

    update_mode();
    if (refuses_type && window_ == no_window)
        emit(terminal_type{});
}

void codec::update_mode() {
    const bool character_mode = negotiation_.ours(option::echo).enabled() &&
                                negotiation_.ours(option::suppress_go_ahead).enabled() &&
                                may_be_terminal();
    if (std::exchange(character_mode_, character_mode) != character_mode)
        emit(mode_changed{character_mode});
}

bool codec::may_be_terminal() const {
    if (terminal_type_known_ || (window_ && window_ != no_window))
        return true;
    const auto& size = negotiation_.theirs(option::window_size);
    const bool will_tell_size = size.awaits_answer() || size.enabled();
    return !window_ && (!will_tell_size || typed_);
}

void codec::decode_subnegotiation_command(unsigned char byte) {
    if (byte == command::se) {
        state_ = state::data;
        if (subnegotiation_valid_)
            execute_subnegotiation();
    } else if (byte == command::iac) {
        state_ = state::subnegotiation;
        collect(byte);
    } else if (byte < command::lowest) {
        // A 0xFF that the peer forgot to double: what follows still belongs to it.
        state_ = state::subnegotiation;
        subnegotiation_valid_ = false;
    } else {
        // The end is missing. Dropping it brings an interrupt through at once.
        state_ = state::data;
        decode_command(byte);
    }
}

bool codec::is_first_command(unsigned char byte) const {
    return byte >= command::lowest && byte < command::sb;
}

bool codec::is_first_negotiation(unsigned char option) const {
    if (negotiation_.expects(verb_, option))
        return true;
    return line_start_ && option <= option::last_assigned &&
           (verb_ == verb::will || verb_ == verb::do_);
}

void codec::first_command() {
    if (std::exchange(telnet_, true))
        return;
    emit(peer_is_telnet{});
    if (wants_terminal_type_)
        ask_terminal_type();
}

void codec::ask_terminal_type() {
    negotiation_.request_theirs(option::terminal_type, true, output_);
}

void codec::execute(unsigned char byte) {
    switch (byte) {
        case command::interrupt_process:
        case command::break_:
            return emit(control::interrupt);
        case command::end_of_file:
            return emit(control::end_of_file);
        case command::suspend:
            return emit(control::suspend);
        case command::abort:
            return emit(control::abort);
        case command::erase_character:
            return emit(control::erase_character);
        case command::erase_line:
            return emit(control::erase_line);
        case command::are_you_there:
            output_ += "\r\n[yes]\r\n";
            return;
        default:
            return;  // NOP, GA, DM, AO, a stray SE, unassigned
    }
}

void codec::collect(unsigned char byte) {
    if (subnegotiation_.size() < max_subnegotiation)
        subnegotiation_ += static_cast<char>(byte);
    else
        subnegotiation_valid_ = false;
}

void codec::execute_subnegotiation() {
    if (subnegotiation_.empty())
        return;
    const auto option = static_cast<unsigned char>(subnegotiation_.front());
    const std::string_view parameters = std::string_view(subnegotiation_).substr(1);
    if (!negotiation_.theirs(option).enabled())
        return;

    if (option == option::window_size) {
        const bool is_known = window_ && window_ != no_window;
        const auto window = parse_window_size(parameters, is_known ? *window_ : default_window);
        // Clients repeat themselves on each resize.
        if (window && window != window_) {
            window_ = window;
            emit(*window);
        } else if (!window && !window_) {
            window_ = no_window;
        }
    } else if (option == option::terminal_type) {
        if (auto type = parse_terminal_type(parameters)) {
            terminal_type_known_ = true;
            emit(std::move(*type));
        }
    }
    update_mode();
}

void codec::deliver(unsigned char byte) {
    if (telnet_) {
        negotiation_.application_data();
        if (!std::exchange(typed_, true))
            update_mode();
        if (std::exchange(after_cr_, false) && (byte == '\n' || byte == '\0'))
            return;
        after_cr_ = byte == '\r';
        if (after_cr_)
            byte = '\n';
    } else {
        line_start_ = byte == '\n' || byte == '\r';
    }
    data_ += static_cast<char>(byte);
}

void codec::emit(event e) {
    flush();
    events_.push_back(std::move(e));
}

void codec::flush() {
    if (!data_.empty())
        events_.push_back(data{std::exchange(data_, {})});
}

}  // namespace backdoor::telnet
