// backdoor::server: where it listens, whom it lets in, what it logs.
#include <backdoor/backdoor.hpp>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "support/child.hpp"
#include "support/host.hpp"
#include "support/process.hpp"

namespace backdoor::test {
namespace {

using lines = std::vector<std::string>;

/// What eventlet's own test does.
void expect_the_exchange(const std::string& address) {
    client one{address};
    EXPECT_NE(one.read_until("\n").find("Python"), std::string::npos);
    while (one.read_until("\n").find("InteractiveConsole") == std::string::npos) {
    }
    EXPECT_EQ(one.read_until(prompt), ">>> ");
    one.send("print(\"hi\")\n");
    EXPECT_EQ(one.read_until("\n"), "hi\n");
    EXPECT_EQ(one.read_until(prompt), ">>> ");
}

TEST(server, serves_on_ipv4) {
    const host h{{}, {}, "127.0.0.1:0"};
    EXPECT_EQ(h.door.address(), "127.0.0.1:" + std::to_string(h.door.port()));
    expect_the_exchange(h.door.address());
}

TEST(server, serves_on_ipv6) {
    const host h{{}, {}, "[::1]:0"};
    EXPECT_EQ(h.door.address(), "[::1]:" + std::to_string(h.door.port()));
    expect_the_exchange(h.door.address());
}

TEST(server, serves_on_a_unix_socket) {
    const scratch_directory scratch;
    const host h{{}, {}, "unix:" + scratch / "door"};
    EXPECT_EQ(h.door.address(), scratch / "door");
    EXPECT_EQ(h.door.port(), 0);
    expect_the_exchange(h.door.address());
}

TEST(server, removes_its_unix_socket_when_it_stops) {
    const scratch_directory scratch;
    host h{{}, {}, scratch / "door"};
    struct stat found{};
    ASSERT_EQ(stat((scratch / "door").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777, 0600U);
    h.door.stop();
    EXPECT_NE(stat((scratch / "door").c_str(), &found), 0);
}

TEST(server, serves_a_listening_descriptor_that_it_is_given) {
    auto inherited = listen("127.0.0.1:0");
    log_book log;
    const server door{listener{fcntl(inherited.fd(), F_DUPFD_CLOEXEC, 0)}, {}, logging_to(log)};
    inherited.close();
    expect_the_exchange(door.address());
}

TEST(server, refuses_a_descriptor_that_does_not_listen) {
    const int deaf = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    try {
        const server door{listener{deaf}};
        FAIL() << "was accepted";
    } catch (const error& refused) {
        EXPECT_EQ(refused.what(), "backdoor: descriptor " + std::to_string(deaf) +
                                      " is no listening socket; call listen() on it first");
    }
}

TEST(server, runs_beside_another) {
    const host first;
    const host second;
    EXPECT_NE(first.door.port(), second.door.port());
    auto a = first.greeted_client();
    auto b = second.greeted_client();
    EXPECT_EQ(a.run("x = 1"), "");
    EXPECT_NE(b.run("x").find("NameError"), std::string::npos);
    EXPECT_EQ(a.run("x"), "1\n");
}

TEST(server, goes_on_when_the_other_stops) {
    host first;
    const host second;
    auto a = first.greeted_client();
    auto b = second.greeted_client();
    EXPECT_EQ(a.run("1"), "1\n");
    first.door.stop();
    EXPECT_EQ(a.read_to_end(), "");
    EXPECT_EQ(b.run("2"), "2\n");
}

TEST(server, logs_tcp_clients_as_eventlet_does) {
    host h;
    auto one = h.greeted_client();
    sockaddr_in self{};
    socklen_t size = sizeof self;
    getsockname(one.fd(), reinterpret_cast<sockaddr*>(&self), &size);
    const auto peer = "127.0.0.1:" + std::to_string(ntohs(self.sin_port));
    one.close();
    EXPECT_TRUE(h.log.wait_for("backdoor closed to " + peer));
    EXPECT_EQ(h.log.lines(), (lines{"backdoor server listening on " + h.door.address(),
                                    "backdoor to " + peer, "backdoor closed to " + peer}));
}

TEST(server, logs_unix_clients_as_eventlet_does) {
    const scratch_directory scratch;
    host h{{}, {}, scratch / "door"};
    h.greeted_client().close();
    EXPECT_TRUE(h.log.wait_for("backdoor closed"));
    EXPECT_EQ(h.log.lines(), (lines{"backdoor server listening on " + scratch / "door",
                                    "backdoor opened", "backdoor closed"}));
}

TEST(server, logs_to_standard_output_without_a_log_of_the_hosts) {
    testing::internal::CaptureStdout();
    std::string address;
    {
        const server door{"127.0.0.1:0"};
        address = door.address();
    }
    EXPECT_EQ(testing::internal::GetCapturedStdout(),
              "backdoor server listening on " + address + "\n");
}

// eventlet issue: one quick disconnect closed the whole listener.
TEST(server, survives_clients_that_come_and_go) {
    const host h;
    for (int i = 0; i < 50; ++i) {
        client one{h.door.address()};
        i % 2 == 0 ? one.close() : one.reset();
    }
    expect_the_exchange(h.door.address());
}

TEST(server, tells_one_client_too_many_so) {
    options choices;
    choices.max_connections = 2;
    const host h{{}, choices};
    auto first = h.greeted_client();
    const auto second = h.greeted_client();
    client third{h.door.address()};
    EXPECT_EQ(third.read_to_end(),
              "backdoor: too many connections (options.max_connections is 2), try again later\n");
    first.close();
    EXPECT_TRUE(eventually([&] { return h.log.lines().size() == 5; }));
    EXPECT_EQ(h.greeted_client().run("1"), "1\n");
}

TEST(server, shows_a_banner_of_the_hosts) {
    options choices;
    choices.banner = "welcome to the machine\n";
    const host h{{}, choices};
    EXPECT_EQ(client{h.door.address()}.read_until(prompt), "welcome to the machine\n>>> ");
}

TEST(server, can_start_python_at_once) {
    options choices;
    choices.preload = true;
    const host h{{}, choices};
    EXPECT_TRUE(has_mapped("libpython"));
    expect_the_exchange(h.door.address());
}

TEST(server, keeps_serving_when_it_is_moved) {
    log_book log;
    server first{"127.0.0.1:0", {}, logging_to(log)};
    const auto address = first.address();
    server second{std::move(first)};
    expect_the_exchange(address);
    server third{"127.0.0.1:0", {}, logging_to(log)};
    const auto replaced = third.address();
    third = std::move(second);
    EXPECT_EQ(third.address(), address);
    expect_the_exchange(address);
    EXPECT_THROW(client{replaced}, std::runtime_error);
}

HOST_PROGRAM(stops_a_moved_from_server) {
    server first{"127.0.0.1:0"};
    const server second{std::move(first)};
    first.stop();
    return 0;
}

TEST(server, may_be_stopped_when_it_is_moved_from) {
    EXPECT_EQ(child{"stops_a_moved_from_server"}.wait(), 0);
}

}  // namespace
}  // namespace backdoor::test
