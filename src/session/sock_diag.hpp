// Whose socket the other end of a connection within this machine is.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

namespace backdoor {

/// The addresses of a TCP connection's two ends.
struct connection_ends {
    sockaddr_storage here{};
    sockaddr_storage peer{};
};

/// Asks the kernel, by a socket of NETLINK_SOCK_DIAG. None where it does not know the peer's socket (any
/// more), or does not answer at once, as it does: never waits.
std::optional<uid_t> owner_of_peer(int netlink, const connection_ends& ends);

/// What is asked.
std::string ownership_query(const connection_ends& ends);

/// The answer to that. None where it is about anything else, or about a socket that was closed: that has
/// no inode, and would read as root's.
std::optional<uid_t> owner_in(std::string_view answer, const connection_ends& ends);

}  // namespace backdoor
