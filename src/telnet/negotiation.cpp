#include "telnet/negotiation.hpp"

#include <cstddef>

namespace backdoor::telnet {
namespace {

// BINARY is accepted but never asked for: no client needs it for UTF-8.
constexpr bool we_may(unsigned char option) {
    return option == option::echo || option == option::suppress_go_ahead ||
           option == option::binary;
}

constexpr bool they_may(unsigned char option) {
    return option == option::suppress_go_ahead || option == option::window_size ||
           option == option::terminal_type || option == option::binary;
}

constexpr bool about_them(verb v) { return v == verb::will || v == verb::wont; }

constexpr bool positive(verb v) { return v == verb::will || v == verb::do_; }

void send(verb v, unsigned char option, std::string& output) {
    output += static_cast<char>(command::iac);
    output += static_cast<char>(v);
    output += static_cast<char>(option);
}

void send_ours(q_method::message message, unsigned char option, std::string& output) {
    if (message != q_method::message::none)
        send(message == q_method::message::positive ? verb::will : verb::wont, option, output);
}

void send_theirs(q_method::message message, unsigned char option, std::string& output) {
    if (message != q_method::message::none)
        send(message == q_method::message::positive ? verb::do_ : verb::dont, option, output);
}

}  // namespace

void negotiation::request_ours(unsigned char option, bool on, std::string& output) {
    send_ours(ours_[option].request(on), option, output);
}

void negotiation::request_theirs(unsigned char option, bool on, std::string& output) {
    send_theirs(theirs_[option].request(on), option, output);
}

void negotiation::receive(verb received, unsigned char option, std::string& output) {
    if (option == option::timing_mark) {
        // Not an option but a ping. After an interrupt a client discards all output until the
        // mark arrives, so it is answered every time.
        if (received == verb::do_)
            send(verb::will, option, output);
        return;
    }
    if (replies_ == max_replies)
        return;

    const std::size_t before = output.size();
    if (about_them(received))
        send_theirs(theirs_[option].receive(positive(received), they_may(option)), option, output);
    else
        send_ours(ours_[option].receive(positive(received), we_may(option)), option, output);
    if (output.size() != before)
        ++replies_;
}

bool negotiation::expects(verb received, unsigned char option) const {
    return (about_them(received) ? theirs_ : ours_)[option].awaits_answer();
}

}  // namespace backdoor::telnet
