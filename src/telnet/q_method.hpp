#pragma once

namespace backdoor::telnet {

// The Q method of RFC 1143 for one side of one option, with its queue of one request.
// "Positive" is WILL for our side and DO for the peer's, "negative" is WONT and DONT.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class q_method {
public:
    enum class state : unsigned char {
        no,
        yes,
        want_no,
        want_no_opposite,
        want_yes,
        want_yes_opposite
    };
    enum class message : unsigned char { none, positive, negative };

    constexpr q_method() = default;
    constexpr explicit q_method(state initial) : state_(initial) {}

    // We want the option on or off. Returns what to send.
    constexpr message request(bool on) {
        switch (state_) {
            case state::no:
                return on ? move(state::want_yes, message::positive) : message::none;
            case state::yes:
                return on ? message::none : move(state::want_no, message::negative);
            case state::want_no:
            case state::want_no_opposite:
                return move(on ? state::want_no_opposite : state::want_no);
            case state::want_yes:
            case state::want_yes_opposite:
                return move(on ? state::want_yes : state::want_yes_opposite);
        }
        return message::none;
    }

    // The peer sent a positive or a negative message; `agree` tells whether it may have the
    // option when the request is its own. Returns what to send.
    constexpr message receive(bool positive, bool agree) {
        switch (state_) {
            case state::no:
                if (!positive)
                    return message::none;
                return agree ? move(state::yes, message::positive) : message::negative;
            case state::yes:
                return positive ? message::none : move(state::no, message::negative);
            case state::want_no:
                return move(state::no);
            case state::want_no_opposite:
                // Positive is the peer's error here, but it is what we want by now.
                return positive ? move(state::yes) : move(state::want_yes, message::positive);
            case state::want_yes:
                return move(positive ? state::yes : state::no);
            case state::want_yes_opposite:
                return positive ? move(state::want_no, message::negative) : move(state::no);
        }
        return message::none;
    }

    // An option that we want off is on until the peer has said so: what it sends in the
    // meantime was sent with the option on.
    constexpr bool enabled() const {
        return state_ == state::yes || state_ == state::want_no ||
               state_ == state::want_no_opposite;
    }

    constexpr bool awaits_answer() const { return state_ != state::no && state_ != state::yes; }

    constexpr state current() const { return state_; }

private:
    constexpr message move(state next, message reply = message::none) {
        state_ = next;
        return reply;
    }

    state state_ = state::no;
};

}  // namespace backdoor::telnet
