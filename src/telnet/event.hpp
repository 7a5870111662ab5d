#pragma once

#include <string>
#include <variant>

namespace backdoor::telnet {

// What a peer sent, decoded. A run of application data is one event; the order among events is
// the order on the wire, so that an interrupt stays between the bytes typed before and after it.

struct data {
    std::string bytes;
    bool operator==(const data&) const = default;
};

// Control functions, as a terminal driver names them. BRK is an interrupt too.
enum class control { interrupt, end_of_file, suspend, abort, erase_character, erase_line };

struct window_size {
    int columns;
    int rows;
    bool operator==(const window_size&) const = default;
};

// Lower case letters, digits, "-_.+": safe in a terminal database. Empty: it is no terminal.
struct terminal_type {
    std::string name;
    bool operator==(const terminal_type&) const = default;
};

// In character mode the peer sends each key as it is typed and leaves the echo to us.
struct mode_changed {
    bool character_mode;
    bool operator==(const mode_changed&) const = default;
};

// Comes once, before the event of the peer's first telnet command.
struct peer_is_telnet {
    bool operator==(const peer_is_telnet&) const = default;
};

using event = std::variant<data, control, window_size, terminal_type, mode_changed, peer_is_telnet>;

}  // namespace backdoor::telnet
