// Who may have a console, and who is still there: what the kernel tells of a peer.
#pragma once

#include <backdoor/options.hpp>

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace backdoor {

/// Who is at the other end of a connection, as the kernel tells or as a key has proven.
struct visitor {
    std::string problem;           ///< why it may not enter, whoever it is; else empty
    std::string proven;            ///< "certificate alice": a front has let it in
    std::string origin;            ///< as origin() has it
    std::optional<uid_t> user;     ///< none where the kernel does not tell
    std::vector<gid_t> groups;     ///< of a unix socket's client
    pid_t process = 0;             ///< of a unix socket's client
    bool is_recorded = false;      ///< by session_group::welcome(), for all of its sessions

    /// "uid 1000", "uid 1000 pid 4711", "certificate alice", or nothing: as the audit log has it.
    std::string name() const;
};

/// Asks the kernel, on loopback TCP in one netlink round trip of some 20 microseconds. Never waits.
visitor identify(int fd);

/// Who may enter beside the process's own user and root.
struct guest_list {
    std::vector<uid_t> users;
    std::vector<gid_t> groups;
};

/// options::allowed_users and allowed_groups as numbers. May wait for the system's directory.
/// Throws error for a name that there is not.
guest_list guests(const options& choices);

/// Why this client may have no console; empty where it may.
///
/// A console is the process's whole power, so it goes to those who have that anyway: to processes
/// of the same user and of root, and to who has proven who he is. A kernel that does not tell is a
/// refusal.
std::string refusal(const visitor& who, const guest_list& also = {});

/// What the clients of one origin have in common: the address of a machine (of IPv6 its network of 64
/// bits, in which it may have any), or the user at the other end of a unix socket.
std::string origin(int fd);

/// Over the network, this machine's own too: no unix socket.
bool is_tcp(int fd);

/// It is known to be a unix socket: nobody may do without what TCP clients have to show because it could not be
/// found out what he is.
bool is_unix(int fd);

/// The client on this socket, which has ended its sending side, has closed the other one too.
/// Never waits.
bool is_gone(int fd);

}  // namespace backdoor
