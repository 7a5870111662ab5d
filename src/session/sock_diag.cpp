#include "session/sock_diag.hpp"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

namespace backdoor {

namespace {

struct request {
    nlmsghdr header{};
    inet_diag_req_v2 query{};
};

void put(const sockaddr_storage& end, __be16& port, __be32 (&host)[4]) {
    if (end.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(end);
        port = v4.sin_port;
        host[0] = v4.sin_addr.s_addr;
    } else {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(end);
        port = v6.sin6_port;
        std::memcpy(host, &v6.sin6_addr, sizeof v6.sin6_addr);
    }
}

/// Of the peer's socket: its source is our destination.
inet_diag_sockid id_of(const connection_ends& ends) {
    inet_diag_sockid id{};
    put(ends.peer, id.idiag_sport, id.idiag_src);
    put(ends.here, id.idiag_dport, id.idiag_dst);
    return id;
}

}  // namespace

std::string ownership_query(const connection_ends& ends) {
    request asked;
    asked.header.nlmsg_len = sizeof asked;
    asked.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    asked.header.nlmsg_flags = NLM_F_REQUEST;
    asked.query.sdiag_family = static_cast<__u8>(ends.here.ss_family);
    asked.query.sdiag_protocol = IPPROTO_TCP;
    asked.query.idiag_states = ~0U;
    asked.query.id = id_of(ends);
    asked.query.id.idiag_cookie[0] = asked.query.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    return {reinterpret_cast<const char*>(&asked), sizeof asked};
}

std::optional<uid_t> owner_in(std::string_view answer, const connection_ends& ends) {
    nlmsghdr header;
    inet_diag_msg found;
    if (answer.size() < NLMSG_HDRLEN + sizeof found) {
        return std::nullopt;
    }
    std::memcpy(&header, answer.data(), sizeof header);
    std::memcpy(&found, answer.data() + NLMSG_HDRLEN, sizeof found);
    const auto id = id_of(ends);
    // By its ports: where the socket is not there any more, the kernel offers one that listens instead.
    const bool is_it = found.id.idiag_sport == id.idiag_sport &&
                       found.id.idiag_dport == id.idiag_dport;
    if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY || header.nlmsg_len > answer.size() ||
        header.nlmsg_len < NLMSG_HDRLEN + sizeof found || !is_it || found.idiag_inode == 0) {
        return std::nullopt;
    }
    return found.idiag_uid;
}

std::optional<uid_t> owner_of_peer(int netlink, const connection_ends& ends) {
    const auto query = ownership_query(ends);
    if (send(netlink, query.data(), query.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        return std::nullopt;
    }
    // The kernel answers while it takes the request.
    alignas(nlmsghdr) std::array<char, 4096> answer;
    const auto size = recv(netlink, answer.data(), answer.size(), MSG_DONTWAIT);
    if (size < 0) {
        return std::nullopt;
    }
    return owner_in({answer.data(), static_cast<std::size_t>(size)}, ends);
}

}  // namespace backdoor
