#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "telnet/encoder.hpp"
#include "telnet/event.hpp"
#include "telnet/negotiation.hpp"

namespace backdoor::telnet {

// The telnet protocol for the server's end of one connection: bytes in, bytes and events out.
//
// Until the peer sends a telnet command the codec is transparent both ways, for peers such as
// nc. Such a peer may send 0xFF as data (invalid UTF-8, a UTF-16 byte order mark), so a first
// command is believed only when a telnet client would send it first; anything else is data,
// unchanged:
//   - IAC and a command without operand, 236 to 249;
//   - IAC WILL or DO and an assigned option, 0 to 49, at the beginning of a line;
//   - IAC WILL, WONT, DO or DONT, anywhere, as the answer to a request of ours. Nobody refuses
//     what was not asked for, so an unexpected WONT or DONT is data;
//   - never IAC SB, which follows an agreement, nor IAC IAC.
//
// From then on Enter, whether it arrives as CR LF, CR NUL, CR or LF, is one '\n', delivered
// without waiting for the second byte.
//
// Programs without a terminal, such as curl, agree to character mode as well. They tell a window of
// no size, and no terminal type: only a peer that has told one of both is in character mode, or has
// said that it does not tell its size, or has sent data instead.
//
// No function throws anything but std::bad_alloc.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class codec {
public:
    static constexpr std::size_t max_subnegotiation = 512;

    // Decodes what arrived, in pieces of any size; the sizes do not change what comes out. Replies
    // wait in take_output(), at most one for each command received.
    std::vector<event> receive(std::string_view bytes);

    // The peer sends no more: delivers what looked like the beginning of a first command.
    std::vector<event> finish();

    // Protocol bytes to send at once, already encoded.
    std::string take_output();

    // Text on its way to the peer, appended to `out`: LF becomes CR LF, 0xFF is doubled.
    // Unchanged for a peer that is not telnet.
    void encode(std::string_view text, std::string& out);
    std::string encode(std::string_view text);

    // Requests go to take_output(), the peer's consent arrives as mode_changed. A peer may also
    // change the mode on its own. The terminal type is asked for once the peer is telnet.
    void request_character_mode();
    void request_line_mode();

    // Requests character mode of a peer that may be telnet or not. Returns what to send before
    // printing the prompt again: a terminal shows nothing of it. Empty when there is nothing to
    // ask.
    std::string hidden_probe();

    bool is_telnet() const { return telnet_; }
    bool character_mode() const { return character_mode_; }

private:
    enum class state { data, command, option, subnegotiation, subnegotiation_command };

    void decode(unsigned char byte);
    void decode_command(unsigned char byte);
    void decode_option(unsigned char option);
    void decode_subnegotiation_command(unsigned char byte);
    void collect(unsigned char byte);

    bool is_first_command(unsigned char byte) const;
    bool is_first_negotiation(unsigned char option) const;
    void first_command();
    void ask_terminal_type();
    void update_mode();
    bool may_be_terminal() const;

    void execute(unsigned char byte);
    void execute_subnegotiation();

    void deliver(unsigned char byte);
    void flush();
    void emit(event e);

    state state_ = state::data;
    verb verb_ = verb::will;
    std::string subnegotiation_;
    bool subnegotiation_valid_ = false;

    bool telnet_ = false;
    bool line_start_ = true;  // only kept until the peer is telnet
    bool after_cr_ = false;

    negotiation negotiation_;
    bool character_mode_ = false;
    bool wants_terminal_type_ = false;
    bool terminal_type_asked_ = false;
    bool terminal_type_known_ = false;
    bool typed_ = false;  // anything, since it is telnet
    std::optional<window_size> window_;

    std::string data_;
    std::vector<event> events_;
    std::string output_;
    encoder encoder_;
};

}  // namespace backdoor::telnet
