#include "session/access.hpp"

#include "session/sock_diag.hpp"

#include <backdoor/listener.hpp>

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <iterator>
#include <optional>

namespace backdoor {

namespace {

bool is_loopback(const sockaddr_storage& peer) {
    if (peer.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(peer);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(peer);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) ||
           (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && v6.sin6_addr.s6_addr[12] == 127);
}

std::optional<connection_ends> ends_of(int fd) {
    connection_ends both;
    socklen_t size = sizeof both.here;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&both.here), &size) != 0) {
        return std::nullopt;
    }
    size = sizeof both.peer;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&both.peer), &size) != 0) {
        return std::nullopt;
    }
    return both;
}

std::optional<uid_t> owner_of_peer(const connection_ends& ends) {
    const unique_fd netlink{socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)};
    return netlink ? backdoor::owner_of_peer(netlink.get(), ends) : std::nullopt;
}

void ask_unix_socket(int fd, visitor& who) {
    ucred found{};
    socklen_t size = sizeof found;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &found, &size) != 0) {
        return;
    }
    who.user = found.uid;
    who.process = found.pid;
    size = 0;
    // First asked how many there are: 0 bytes hold none.
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, nullptr, &size) != 0 && errno == ERANGE) {
        who.groups.resize(size / sizeof(gid_t));
        if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, who.groups.data(), &size) != 0) {
            who.groups.clear();
        }
    }
    who.groups.push_back(found.gid);
}

}  // namespace

std::string visitor::name() const {
    if (!proven.empty()) {
        return proven;
    }
    std::string text = user ? "uid " + std::to_string(*user) : std::string{};
    if (process != 0) {
        text += " pid " + std::to_string(process);
    }
    return text;
}

visitor identify(int fd) {
    visitor who;
    who.origin = origin(fd);
    const auto both = ends_of(fd);
    if (!both) {
        who.problem = "the connection is gone";
    } else if (both->here.ss_family == AF_UNIX) {
        ask_unix_socket(fd, who);
    } else if (is_loopback(both->peer)) {
        who.user = owner_of_peer(*both);
    } else {
        who.problem = "only clients on this machine may enter";
    }
    return who;
}

std::string refusal(const visitor& who, const guest_list& also) {
    if (!who.problem.empty()) {
        return who.problem;
    }
    if (!who.proven.empty()) {
        return {};
    }
    if (!who.user) {
        return "the system does not tell who you are";
    }
    const auto lists = [](const auto& list, auto number) {
        return std::find(list.begin(), list.end(), number) != list.end();
    };
    if (*who.user == 0 || *who.user == geteuid() || lists(also.users, *who.user) ||
        std::any_of(who.groups.begin(), who.groups.end(),
                    [&](gid_t group) { return lists(also.groups, group); })) {
        return {};
    }
    const bool has_guests = !also.users.empty() || !also.groups.empty();
    return "only user " + std::to_string(geteuid()) + (has_guests ? ", root and guests" : " and root") +
           " may enter, you are user " + std::to_string(*who.user);
}

std::string origin(int fd) {
    auto both = ends_of(fd);
    if (!both || both->here.ss_family == AF_UNIX) {
        visitor who;
        ask_unix_socket(fd, who);
        return who.user ? "user " + std::to_string(*who.user) : "nobody";
    }
    char text[INET6_ADDRSTRLEN] = "";
    if (both->peer.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(both->peer);
        inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
        return text;
    }
    auto& v6 = reinterpret_cast<sockaddr_in6&>(both->peer).sin6_addr;
    if (!is_loopback(both->peer) && !IN6_IS_ADDR_V4MAPPED(&v6)) {
        constexpr std::size_t network = 8;
        std::fill(std::begin(v6.s6_addr) + network, std::end(v6.s6_addr), std::uint8_t{0});
    }
    inet_ntop(AF_INET6, &v6, text, sizeof text);
    return text;
}

bool is_tcp(int fd) {
    const auto both = ends_of(fd);
    return both && both->here.ss_family != AF_UNIX;
}

bool is_unix(int fd) {
    sockaddr_storage here{};
    socklen_t size = sizeof here;
    return getsockname(fd, reinterpret_cast<sockaddr*>(&here), &size) == 0 &&
           here.ss_family == AF_UNIX;
}

bool is_gone(int fd) {
    pollfd state{fd, 0, 0};
    if (poll(&state, 1, 0) < 0 || (state.revents & (POLLERR | POLLHUP)) != 0) {
        return true;
    }
    const auto both = ends_of(fd);
    if (!both) {
        return true;
    }
    // On TCP a half-closed client and one that is gone look alike, but for who owns the socket.
    return both->here.ss_family != AF_UNIX && is_loopback(both->peer) &&
           !owner_of_peer(*both);
}

}  // namespace backdoor
