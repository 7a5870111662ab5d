#include <backdoor/error.hpp>
#include <backdoor/listener.hpp>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "support/client.hpp"
#include "support/host.hpp"

namespace backdoor::test {
namespace {

std::string why_not(const std::string& address) {
    try {
        const auto one = listen(address);
        return "listens on " + one.address();
    } catch (const error& refused) {
        return refused.what();
    }
}

std::string cannot(const std::string& address, const std::string& why) {
    return "backdoor: cannot listen on " + address + ": " + why;
}

mode_t mode_of(const std::string& path) {
    struct stat found{};
    return stat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
}

TEST(listening, takes_a_host_and_a_port) {
    for (const char* address : {"localhost:0", "127.0.0.1:0", "127.0.0.2:0", "0"}) {
        const auto one = listen(address);
        EXPECT_GT(one.port(), 0) << address;
        EXPECT_FALSE(one.is_unix());
        EXPECT_TRUE(one.address().ends_with(":" + std::to_string(one.port())));
        EXPECT_NO_THROW(client{one.address()});
    }
    EXPECT_TRUE(listen("0").address().starts_with("127.0.0.1:"));
}

TEST(listening, takes_an_ipv6_address) {
    const auto one = listen("[::1]:0");
    EXPECT_EQ(one.address(), "[::1]:" + std::to_string(one.port()));
    EXPECT_NO_THROW(client{one.address()});
}

TEST(listening, takes_the_path_of_a_unix_socket) {
    const scratch_directory scratch;
    for (const auto& address : {"unix:" + scratch / "a", scratch / "b"}) {
        const auto one = listen(address);
        EXPECT_TRUE(one.is_unix());
        EXPECT_EQ(one.port(), 0);
        EXPECT_NO_THROW(client{one.address()});
    }
}

TEST(listening, is_done_by_descriptors_that_no_program_inherits) {
    const auto one = listen("127.0.0.1:0");
    EXPECT_NE(fcntl(one.fd(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(listening, names_what_is_no_port) {
    const std::string remedy = "' is no port; write host:port, with a port from 0 (any free one) to "
                               "65535, or a path with a slash for a unix socket";
    EXPECT_EQ(why_not("localhost:x"), cannot("localhost:x", "'x" + remedy));
    EXPECT_EQ(why_not("localhost:65536"), cannot("localhost:65536", "'65536" + remedy));
    EXPECT_EQ(why_not("localhost:-1"), cannot("localhost:-1", "'-1" + remedy));
    EXPECT_EQ(why_not("localhost:"), cannot("localhost:", "'" + remedy));
    EXPECT_EQ(why_not("nonsense"), cannot("nonsense", "'nonsense" + remedy));
    EXPECT_EQ(why_not(""), cannot("", "'" + remedy));
}

TEST(listening, names_what_is_no_address) {
    EXPECT_EQ(why_not("[::1"), cannot("[::1", "no address; write [::1]:3000"));
    EXPECT_EQ(why_not("[::1]"), cannot("[::1]", "no address; write [::1]:3000"));
    EXPECT_NE(why_not("256.1.1.1.1:0").find("(host '256.1.1.1.1')"), std::string::npos);
}

TEST(listening, is_refused_on_the_network) {
    for (const char* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:0"}) {
        EXPECT_EQ(why_not(address),
                  cannot(address, "whoever reaches a console is this process, so it is opened to "
                                  "the network only for clients with keys: set "
                                  "options.ssh_authorized_keys and ssh_host_key, or "
                                  "tls_certificate, tls_key and tls_client_ca; or listen on "
                                  "localhost or a unix socket, and come in through ssh"));
    }
}

TEST(listening, is_refused_on_a_port_in_use) {
    const auto first = listen("127.0.0.1:0");
    EXPECT_EQ(why_not(first.address()),
              cannot(first.address(), "the port is in use; choose another, or 0 for any free one"));
}

TEST(listening, is_possible_on_a_port_that_was_just_in_use) {
    auto first = listen("127.0.0.1:0");
    const auto address = first.address();
    client one{address};
    const unique_fd accepted{accept(first.fd(), nullptr, nullptr)};
    first.close();
    EXPECT_EQ(why_not(address), "listens on " + address);
}

// ---- unix sockets -----------------------------------------------------------------------------

TEST(unix_socket, is_its_owners_alone_whatever_the_umask) {
    const scratch_directory scratch;
    const auto before = umask(0);
    const auto one = listen(scratch / "door");
    umask(before);
    EXPECT_EQ(mode_of(scratch / "door"), 0600U);
}

TEST(unix_socket, is_removed_when_it_is_closed) {
    const scratch_directory scratch;
    { const auto one = listen(scratch / "door"); }
    EXPECT_NE(access((scratch / "door").c_str(), F_OK), 0);
}

TEST(unix_socket, is_removed_once_though_its_listener_was_moved) {
    const scratch_directory scratch;
    auto first = listen(scratch / "door");
    {
        auto second = std::move(first);
        first.close();
        EXPECT_EQ(access((scratch / "door").c_str(), F_OK), 0);
    }
    EXPECT_NE(access((scratch / "door").c_str(), F_OK), 0);
}

TEST(unix_socket, of_the_host_is_not_removed) {
    const scratch_directory scratch;
    auto made = listen(scratch / "door");
    { const listener adopted{fcntl(made.fd(), F_DUPFD_CLOEXEC, 0)}; }
    EXPECT_EQ(access((scratch / "door").c_str(), F_OK), 0);
}

TEST(unix_socket, that_is_stale_is_replaced) {
    const scratch_directory scratch;
    {
        auto dead = listen(scratch / "old");
        ASSERT_EQ(rename((scratch / "old").c_str(), (scratch / "door").c_str()), 0);
    }
    ASSERT_EQ(access((scratch / "door").c_str(), F_OK), 0);
    const auto one = listen(scratch / "door");
    EXPECT_NO_THROW(client{one.address()});
    EXPECT_EQ(mode_of(scratch / "door"), 0600U);
}

TEST(unix_socket, that_answers_is_not_replaced) {
    const scratch_directory scratch;
    const auto first = listen(scratch / "door");
    EXPECT_EQ(why_not(scratch / "door"),
              cannot(scratch / "door", "another process listens there"));
    EXPECT_NO_THROW(client{first.address()});
}

TEST(unix_socket, does_not_replace_a_file) {
    const scratch_directory scratch;
    std::ofstream{scratch / "door"} << "precious";
    EXPECT_EQ(why_not(scratch / "door"),
              cannot(scratch / "door", "there is a file of that name that is no socket"));
    std::string content;
    std::ifstream{scratch / "door"} >> content;
    EXPECT_EQ(content, "precious");
}

TEST(unix_socket, does_not_replace_what_a_link_points_to) {
    const scratch_directory scratch;
    const auto live = listen(scratch / "live");
    ASSERT_EQ(symlink((scratch / "live").c_str(), (scratch / "door").c_str()), 0);
    EXPECT_EQ(why_not(scratch / "door"),
              cannot(scratch / "door", "there is a file of that name that is no socket"));
}

TEST(unix_socket, has_a_path_of_limited_length) {
    const std::string path = "/tmp/" + std::string(200, 'x');
    EXPECT_EQ(why_not(path), cannot(path, "the path has 205 bytes, a unix socket's may have 107"));
    EXPECT_NE(why_not("/nonexistent/door").find("No such file or directory"), std::string::npos);
}

/// The environment's XDG_RUNTIME_DIR is another meanwhile.
class runtime_directory {
public:
    explicit runtime_directory(const std::string& path) {
        if (const char* const found = getenv("XDG_RUNTIME_DIR")) {
            before_ = found;
        }
        setenv("XDG_RUNTIME_DIR", path.c_str(), 1);
    }
    runtime_directory(const runtime_directory&) = delete;
    runtime_directory& operator=(const runtime_directory&) = delete;
    ~runtime_directory() {
        before_ ? setenv("XDG_RUNTIME_DIR", before_->c_str(), 1) : unsetenv("XDG_RUNTIME_DIR");
    }

private:
    std::optional<std::string> before_;
};

TEST(unix_socket, has_a_place_of_its_own_where_none_is_given) {
    const scratch_directory scratch;
    const runtime_directory here{scratch.path()};
    const auto place = scratch / "backdoor";
    const auto number = std::to_string(getpid());
    EXPECT_EQ(listen("unix:").address(), place + "/session_test." + number);
    EXPECT_EQ(listen("unix:orders").address(), place + "/orders");
    EXPECT_EQ(listen(scratch / "{name}-{pid}").address(), scratch / "session_test-" + number);
    EXPECT_EQ(mode_of(place), 0700U);
}

TEST(unix_socket, has_a_place_in_run_where_its_user_has_none) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "needs root";
    }
    const runtime_directory none{""};
    const auto number = std::to_string(getpid());
    EXPECT_EQ(listen("unix:").address(), "/run/backdoor/session_test." + number);
    EXPECT_EQ(mode_of("/run/backdoor") & 0022U, 0U);
    ASSERT_EQ(seteuid(65534), 0);
    const auto others = why_not("unix:");
    ASSERT_EQ(seteuid(0), 0);
    EXPECT_EQ(others, cannot("/run/backdoor", "Permission denied; set XDG_RUNTIME_DIR, or give the "
                                              "socket a path with a slash in it"));
}

TEST(unix_socket, may_have_an_abstract_name) {
    const auto one = listen("unix:@backdoor-test-{pid}");
    EXPECT_EQ(one.address(), "@backdoor-test-" + std::to_string(getpid()));
    EXPECT_TRUE(one.is_unix());
    EXPECT_EQ(why_not("unix:" + one.address()),
              cannot(one.address(), "another process listens there"));
}

TEST(unix_socket, is_open_to_all_where_guests_are_let_in) {
    const scratch_directory scratch;
    options choices;
    choices.allowed_users = {"65534"};
    const auto one = listen(scratch / "door", choices);
    EXPECT_EQ(mode_of(scratch / "door"), 0666U);
}

TEST(unix_socket, is_not_put_where_others_could_replace_it) {
    const scratch_directory scratch;
    chmod(scratch.path().c_str(), 0777);
    EXPECT_NE(why_not(scratch / "door").find("everybody may write into its folder"),
              std::string::npos);
    chmod(scratch.path().c_str(), 01777);
    EXPECT_EQ(why_not(scratch / "door"), "listens on " + scratch / "door");
    if (geteuid() == 0) {
        ASSERT_EQ(chown(scratch.path().c_str(), 65534, 65534), 0);
        EXPECT_NE(why_not(scratch / "door").find("its folder belongs to user 65534"),
                  std::string::npos);
    }
}

TEST(unix_socket, of_another_that_took_its_place_is_not_removed) {
    const scratch_directory scratch;
    auto first = listen(scratch / "door");
    ASSERT_EQ(unlink((scratch / "door").c_str()), 0);
    const auto second = listen(scratch / "door");
    first.close();
    EXPECT_NO_THROW(client{second.address()});
}

TEST(unix_socket, that_is_stale_goes_to_one_of_many_that_want_it) {
    for (int round = 0; round < 20; ++round) {
        const scratch_directory scratch;
        {
            auto dead = listen(scratch / "old");
            ASSERT_EQ(rename((scratch / "old").c_str(), (scratch / "door").c_str()), 0);
        }
        std::atomic<int> listening{0};
        std::vector<listener> doors;
        std::mutex mutex;
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                try {
                    auto one = listen(scratch / "door");
                    ++listening;
                    const std::lock_guard guard{mutex};
                    doors.push_back(std::move(one));
                } catch (const error&) {
                    // Another was first.
                }
            });
        }
        threads.clear();
        EXPECT_EQ(listening, 1);
        EXPECT_NO_THROW(client{scratch / "door"});
    }
}

// ---- adopted descriptors ----------------------------------------------------------------------

TEST(adopted_listener, must_listen) {
    const int deaf = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_THROW(listener{deaf}, error);
    const int datagrams = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    EXPECT_THROW(listener{datagrams}, error);
    EXPECT_THROW(listener{-1}, error);
}

TEST(adopted_listener, must_not_be_open_to_the_network) {
    unique_fd open{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    ASSERT_EQ(::listen(open.get(), 1), 0);
    EXPECT_THROW(listener{std::move(open)}, error);
}

TEST(connection, must_be_connected) {
    const int alone = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    try {
        const connection one{alone};
        FAIL() << "was accepted";
    } catch (const error& refused) {
        EXPECT_EQ(refused.what(), "backdoor: descriptor " + std::to_string(alone) +
                                      " is no connected socket (Transport endpoint is not "
                                      "connected); give one that accept() returned");
    }
}

TEST(connection, is_called_as_its_peer_or_as_told) {
    auto [server_end, client_end] = tcp_pair();
    const unique_fd again{fcntl(server_end.get(), F_DUPFD_CLOEXEC, 0)};
    EXPECT_TRUE(connection{std::move(server_end)}.peer().starts_with("127.0.0.1:"));
    EXPECT_EQ((connection{fcntl(again.get(), F_DUPFD_CLOEXEC, 0), "me"}.peer()), "me");
}

}  // namespace
}  // namespace backdoor::test
