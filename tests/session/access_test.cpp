#include "session/access.hpp"

#include <backdoor/error.hpp>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/host.hpp"
#include "support/required.hpp"

namespace backdoor::test {
namespace {

constexpr uid_t this_service = 65533;
constexpr uid_t another_user = 65534;

/// A client of another user, connected until this is destroyed.
class foreign_client {
public:
    foreign_client(const listener& door, const std::string& address, uid_t user) {
        int stop[2];
        EXPECT_EQ(pipe(stop), 0);
        child_ = fork();
        if (child_ == 0) {
            ::close(stop[1]);
            if (setresuid(user, user, user) != 0) {
                _exit(1);
            }
            client one{address};
            char c = 0;
            (void)!read(stop[0], &c, 1);
            _exit(0);
        }
        ::close(stop[0]);
        stop_ = unique_fd{stop[1]};
        accepted = unique_fd{accept(door.fd(), nullptr, nullptr)};
    }
    foreign_client(const foreign_client&) = delete;
    foreign_client& operator=(const foreign_client&) = delete;
    ~foreign_client() {
        stop_.reset();
        waitpid(child_, nullptr, 0);
    }

    unique_fd accepted;

private:
    unique_fd stop_;
    pid_t child_ = -1;
};

/// The server's process runs as a user that is not root meanwhile.
class as_a_service {
public:
    as_a_service() { EXPECT_EQ(seteuid(this_service), 0); }
    as_a_service(const as_a_service&) = delete;
    as_a_service& operator=(const as_a_service&) = delete;
    ~as_a_service() { EXPECT_EQ(seteuid(0), 0); }
};

/// Listens on IPv6, to which IPv4's clients come in its clothes.
listener for_both_families() {
    unique_fd fd{socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const int no = 0;
    EXPECT_EQ(setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no), 0);
    sockaddr_in6 any{};
    any.sin6_family = AF_INET6;
    EXPECT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
    EXPECT_EQ(::listen(fd.get(), 8), 0);
    return listener::bound_anywhere(std::move(fd));
}

class access_by_user : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        BACKDOOR_REQUIRE(geteuid() == 0, "root, to be several users");
        chmod(scratch.path().c_str(), 0755);
        const std::string kind = GetParam();
        door = kind == "mapped" ? for_both_families()
                                : listen(kind == "unix" ? scratch / "door" : kind);
        address = kind == "mapped" ? "127.0.0.1:" + std::to_string(door.port()) : door.address();
        if (kind == "unix") {
            // Open to all, or the file itself would keep other users out.
            chmod((scratch / "door").c_str(), 0666);
        }
    }

    const scratch_directory scratch;
    listener door = listen("127.0.0.1:0");
    std::string address;
};

TEST_P(access_by_user, is_given_to_the_same_user) {
    const foreign_client user{door, address, this_service};
    const as_a_service server;
    EXPECT_EQ(refusal(identify(user.accepted.get())), "");
}

TEST_P(access_by_user, is_given_to_root) {
    const foreign_client user{door, address, 0};
    const as_a_service server;
    EXPECT_EQ(refusal(identify(user.accepted.get())), "");
}

TEST_P(access_by_user, is_refused_to_another_user) {
    const foreign_client user{door, address, another_user};
    const as_a_service server;
    EXPECT_EQ(refusal(identify(user.accepted.get())),
              "only user 65533 and root may enter, you are user 65534");
}

TEST_P(access_by_user, is_refused_to_another_user_also_by_root) {
    const foreign_client user{door, address, another_user};
    EXPECT_EQ(refusal(identify(user.accepted.get())), "only user 0 and root may enter, you are user 65534");
}

TEST_P(access_by_user, is_given_to_a_guest) {
    const foreign_client user{door, address, another_user};
    options choices;
    choices.allowed_users = {"nobody"};
    EXPECT_EQ(refusal(identify(user.accepted.get()), guests(choices)), "");
    choices.allowed_users = {"1"};
    EXPECT_EQ(refusal(identify(user.accepted.get()), guests(choices)),
              "only user 0, root and guests may enter, you are user 65534");
}

TEST_P(access_by_user, is_given_to_a_guests_group_where_the_kernel_tells_it) {
    const foreign_client user{door, address, another_user};
    options choices;
    choices.allowed_groups = {"root"};  // of which the client has kept to be a member
    EXPECT_EQ(refusal(identify(user.accepted.get()), guests(choices)).empty(), door.is_unix());
}

TEST(access, has_no_guests_that_the_system_does_not_know) {
    options choices;
    choices.allowed_groups = {"no-such-group"};
    try {
        guests(choices);
        FAIL() << "was accepted";
    } catch (const error& refused) {
        EXPECT_STREQ(refused.what(), "backdoor: options.allowed_groups: this system has no "
                                     "'no-such-group'; give a name that it has, or a number");
    }
}

INSTANTIATE_TEST_SUITE_P(on, access_by_user, testing::Values("127.0.0.1:0", "[::1]:0", "mapped", "unix"),
                         [](const auto& instance) {
                             const std::string kind = instance.param;
                             return kind[0] == '[' ? "ipv6" : kind[0] == '1' ? "ipv4" : kind;
                         });

// ---- without other users ----------------------------------------------------------------------

TEST(access, is_given_to_ones_own_process) {
    const auto [server_end, client_end] = tcp_pair();
    EXPECT_EQ(refusal(identify(server_end.get())), "");
}

TEST(access, is_refused_where_the_client_has_closed) {
    auto [server_end, client_end] = tcp_pair();
    client_end.reset();
    EXPECT_NE(refusal(identify(server_end.get())), "");
}

TEST(access, is_refused_where_there_is_no_connection) {
    EXPECT_EQ(refusal(identify(-1)), "the connection is gone");
}

TEST(client_on_tcp, is_gone_when_it_has_closed_both_ways_only) {
    auto [server_end, client_end] = tcp_pair();
    EXPECT_FALSE(is_gone(server_end.get()));
    shutdown(client_end.get(), SHUT_WR);
    EXPECT_FALSE(is_gone(server_end.get()));
    client_end.reset();
    EXPECT_TRUE(is_gone(server_end.get()));
}

TEST(client_on_a_unix_socket, is_gone_when_it_has_closed_both_ways_only) {
    int ends[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    const unique_fd server_end{ends[0]};
    unique_fd client_end{ends[1]};
    EXPECT_FALSE(is_gone(server_end.get()));
    shutdown(client_end.get(), SHUT_WR);
    EXPECT_FALSE(is_gone(server_end.get()));
    client_end.reset();
    EXPECT_TRUE(is_gone(server_end.get()));
}

}  // namespace
}  // namespace backdoor::test
