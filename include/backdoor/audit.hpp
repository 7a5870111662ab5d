// A record of who came, who was refused, and what was run.
#pragma once

#include <backdoor/export.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace backdoor {

/// One thing that happened at a server's door or at one of its prompts. The views are valid during
/// the call that brings them.
///
/// What code reads by itself (input(), getpass.getpass(), sys.stdin) is in no event.
struct audit_event {
    enum class kind {
        listen,      ///< the server has started
        connect,     ///< a client was let in
        refuse,      ///< a client was turned away; text: the reason
        login,       ///< a client has shown who it is; text: by what
        command,     ///< is about to run; text: the statement as it was typed
        result,      ///< it has ended; text: "ok", or the exception's name, or what became of it
        interrupt,   ///< Ctrl-C, or another console; text: the limit, where that was the reason
        overrun,     ///< a turn held the host's loop for longer than options::turn_budget
        disconnect,  ///< a client that had been let in is gone; text: why, where that is our doing
        stop,        ///< the server has stopped
        change,      ///< `cpp` is about to change the program's memory, or to do more than read; text: what
    };

    kind what{};
    std::chrono::system_clock::time_point time{};
    std::string_view server{};     ///< its address, as server::address() has it
    std::uint64_t session = 0;     ///< of this process: 1, 2, 3...; 0: not of one
    std::string_view peer{};       ///< "127.0.0.1:51234"; empty for a unix socket's client
    std::string_view user{};       ///< "uid 1000", "uid 1000 pid 4711"; empty where not known
    std::string_view text{};
    std::chrono::microseconds took{};  ///< result: how long the command ran
};

/// "connect", "command" and so on: the enumerator's name.
BACKDOOR_API std::string_view name_of(audit_event::kind what);

/// The event as one line of JSON, ASCII and UTF-8 only, without the newline: what the audit log has.
/// Control characters are escaped, and those that end a line or change the direction of writing, so
/// that no text can look like another entry or change a terminal. A text of more than `max_text` bytes
/// is cut there, and "cut" says how long it was.
BACKDOOR_API std::string to_json(const audit_event& event,
                                 std::size_t max_text = std::string_view::npos);

}  // namespace backdoor
