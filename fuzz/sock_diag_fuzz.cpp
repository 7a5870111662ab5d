// What the kernel's answer could be, and what is no answer to our question. The first byte says which of
// the real answer's bytes the rest is put over.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include "session/sock_diag.hpp"

using namespace backdoor;

namespace {

constexpr uid_t user = 1000;

sockaddr_storage end(std::uint16_t port) {
    sockaddr_storage one{};
    auto& v4 = reinterpret_cast<sockaddr_in&>(one);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return one;
}

std::string answer_for(const connection_ends& ends) {
    struct {
        nlmsghdr header{};
        inet_diag_msg found{};
    } answer;
    answer.header.nlmsg_len = sizeof answer;
    answer.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    inet_diag_req_v2 asked;
    std::memcpy(&asked, ownership_query(ends).data() + NLMSG_HDRLEN, sizeof asked);
    answer.found.id = asked.id;
    answer.found.idiag_uid = user;
    answer.found.idiag_inode = 4711;
    return {reinterpret_cast<const char*>(&answer), sizeof answer};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const connection_ends ends{end(3000), end(51234)};
    const std::string bytes{reinterpret_cast<const char*>(data), size};
    (void)owner_in(bytes, ends);

    auto answer = answer_for(ends);
    if (owner_in(answer, ends) != user)
        std::abort();
    for (std::size_t length = 0; length < answer.size(); ++length)
        if (owner_in({answer.data(), length}, ends))
            std::abort();
    if (size > 1) {
        const auto at = data[0] % answer.size();
        answer.replace(at, std::min(size - 1, answer.size() - at),
                       bytes.substr(1, answer.size() - at));
        // Whatever it says now, only of the socket that was asked about.
        const auto found = owner_in(answer, ends);
        inet_diag_msg message;
        std::memcpy(&message, answer.data() + NLMSG_HDRLEN, sizeof message);
        if (found && (ntohs(message.id.idiag_sport) != 51234 ||
                      ntohs(message.id.idiag_dport) != 3000 || message.idiag_inode == 0))
            std::abort();
    }
    return 0;
}
