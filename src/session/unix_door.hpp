// Where a unix socket is, and how it gets there.
#pragma once

#include <backdoor/listener.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace backdoor {

/// What stands behind "unix:", made into a path: {pid} and {name} are this process's number and
/// program; a name without a slash is in the user's own place for such sockets,
/// $XDG_RUNTIME_DIR/backdoor or /run/backdoor; nothing at all is "{name}.{pid}" there. "@name" stays
/// what it is, an abstract name. Makes the place. Throws error.
std::string unix_path(std::string_view given);

struct unix_door {
    unique_fd fd;
    std::shared_ptr<void> file;  ///< removes the socket's file with its last owner, if it is still ours
};

/// Listens there. The socket is never there with a wider mode than 0600, or 0666 where `guests` are
/// to be let in. What is in its place is replaced only where it is a socket at which nobody answers.
/// Throws error.
unix_door listen_unix(const std::string& path, bool guests);

}  // namespace backdoor
