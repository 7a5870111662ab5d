#include "session/sock_diag.hpp"

#include <gtest/gtest.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

/// A connection, and a kernel that answers what the test says.
class sock_diag : public testing::Test {
protected:
    sock_diag() {
        std::array<int, 2> pair{};
        EXPECT_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair.data()), 0);
        asker = unique_fd{pair[0]};
        kernel = unique_fd{pair[1]};
        socklen_t size = sizeof ends.here;
        EXPECT_EQ(getsockname(server.get(), reinterpret_cast<sockaddr*>(&ends.here), &size), 0);
        size = sizeof ends.peer;
        EXPECT_EQ(getpeername(server.get(), reinterpret_cast<sockaddr*>(&ends.peer), &size), 0);
    }

    /// What the real one says.
    std::string real_answer() const {
        const unique_fd netlink{socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)};
        const auto query = ownership_query(ends);
        EXPECT_EQ(send(netlink.get(), query.data(), query.size(), 0),
                  static_cast<ssize_t>(query.size()));
        std::array<char, 4096> answer;
        const auto size = recv(netlink.get(), answer.data(), answer.size(), 0);
        EXPECT_GT(size, 0);
        return {answer.data(), static_cast<std::size_t>(size)};
    }

    void answer(const std::string& bytes) const {
        EXPECT_EQ(send(kernel.get(), bytes.data(), bytes.size(), 0),
                  static_cast<ssize_t>(bytes.size()));
    }

    std::pair<unique_fd, unique_fd> connected = tcp_pair();
    unique_fd& server = connected.first;
    unique_fd& client_end = connected.second;
    unique_fd asker;
    unique_fd kernel;
    connection_ends ends;
};

TEST_F(sock_diag, tells_the_owner) {
    const unique_fd netlink{socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)};
    EXPECT_EQ(owner_of_peer(netlink.get(), ends), geteuid());
    EXPECT_EQ(owner_in(real_answer(), ends), geteuid());
}

TEST_F(sock_diag, that_says_nothing_is_not_waited_for) {
    EXPECT_EQ(owner_of_peer(asker.get(), ends), std::nullopt);
}

TEST_F(sock_diag, that_answers_late_has_not_answered) {
    EXPECT_EQ(owner_of_peer(asker.get(), ends), std::nullopt);
    answer(real_answer());
    // Nor does that count for the next one.
    const auto [other_server, other_client] = tcp_pair();
    auto others = ends;
    socklen_t size = sizeof others.peer;
    EXPECT_EQ(getpeername(other_server.get(), reinterpret_cast<sockaddr*>(&others.peer), &size), 0);
    EXPECT_EQ(owner_of_peer(asker.get(), others), std::nullopt);
}

TEST_F(sock_diag, that_is_gone_tells_nothing) {
    kernel.reset();
    EXPECT_EQ(owner_of_peer(asker.get(), ends), std::nullopt);
    EXPECT_EQ(owner_of_peer(-1, ends), std::nullopt);
}

TEST_F(sock_diag, answer_that_is_cut_tells_nothing) {
    const auto whole = real_answer();
    ASSERT_TRUE(owner_in(whole, ends));
    for (std::size_t size = 0; size < NLMSG_HDRLEN + sizeof(inet_diag_msg); ++size) {
        EXPECT_FALSE(owner_in(whole.substr(0, size), ends)) << size;
    }
}

TEST_F(sock_diag, answer_that_is_an_error_tells_nothing) {
    auto refused = real_answer();
    nlmsghdr header;
    std::memcpy(&header, refused.data(), sizeof header);
    header.nlmsg_type = NLMSG_ERROR;
    std::memcpy(refused.data(), &header, sizeof header);
    EXPECT_FALSE(owner_in(refused, ends));
}

TEST_F(sock_diag, answer_about_another_socket_tells_nothing) {
    // As of a socket that listens where the peer's was.
    auto listening = real_answer();
    inet_diag_msg message;
    std::memcpy(&message, listening.data() + NLMSG_HDRLEN, sizeof message);
    message.id.idiag_dport = 0;
    std::memcpy(listening.data() + NLMSG_HDRLEN, &message, sizeof message);
    EXPECT_FALSE(owner_in(listening, ends));
}

TEST_F(sock_diag, knows_no_owner_of_a_socket_that_was_closed) {
    client_end.reset();
    EXPECT_FALSE(owner_in(real_answer(), ends));
}

}  // namespace
}  // namespace backdoor::test
