// An authorized_keys file, as sshd reads it.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor::ssh {

/// A line that lets a key in.
struct authorized_key {
    std::size_t line = 0;
    std::string type;     ///< "ssh-ed25519"
    std::string blob;     ///< in base64, as it stands there
    std::string comment;
    std::optional<std::string> from;     ///< matches() says whether an address is among these
    std::optional<std::string> command;  ///< runs in place of whatever the client asks for
    std::optional<std::chrono::sys_seconds> expires;
    bool terminal = true;  ///< may have one
};

/// A line that lets nobody in, though it looks as if it should.
struct rejected_line {
    std::size_t line = 0;
    std::string reason;
};

struct authorized_keys {
    std::vector<authorized_key> keys;
    std::vector<rejected_line> rejected;
};

/// The options are those of sshd(8) that mean something here: from, command, restrict, pty, no-pty,
/// expiry-time. Those about forwarding and the like forbid or allow what does not exist, and are
/// taken without effect. A line with any other lets nobody in: it may be meant to restrict the key.
authorized_keys parse_authorized_keys(std::string_view text);

}  // namespace backdoor::ssh
