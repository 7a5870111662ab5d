// The three parts of eventlet.backdoor, each by its own words.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

// "In the application, spawn a greenthread running backdoor_server on a listening socket"
TEST(backdoor_server, spawned_on_a_listening_socket_is_accessible_via_telnet) {
    log_book log;
    auto socket = listen("localhost:0");
    const auto address = socket.address();
    const auto door = spawn(backdoor_server, std::move(socket), locals{}, logging_to(log));

    client telnet{address};
    EXPECT_TRUE(telnet.read_until("\n").starts_with("Python 3."));
    EXPECT_TRUE(telnet.read_before(prompt).ends_with(
        "Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n"
        "(InteractiveConsole)\n"));
    EXPECT_EQ(telnet.run("import math"), "");
    EXPECT_EQ(telnet.run("'floor' in dir(math)"), "True\n");
    EXPECT_EQ(telnet.run("print(\"hi\")"), "hi\n");
}

// "on a running server continuously serving requests, you can observe the internal state changing
// between interpreter commands"
TEST(backdoor_server, shows_the_internal_state_changing_between_commands) {
    std::atomic<int> served{0};
    log_book log;
    auto socket = listen("localhost:0");
    const auto address = socket.address();
    locals names;
    names.live("served", [&] { return served.load(); });
    const auto door = spawn(backdoor_server, std::move(socket), names, logging_to(log));
    client telnet{address};
    telnet.greeted();

    EXPECT_EQ(telnet.run("served"), "0\n");
    served = 17;
    EXPECT_EQ(telnet.run("served"), "17\n");
}

// "Blocking function that runs a backdoor server on the socket *sock*, accepting connections and
// running backdoor consoles for each client that connects."
TEST(backdoor_server, blocks_and_runs_a_console_for_each_client) {
    log_book log;
    auto socket = listen("localhost:0");
    const auto address = socket.address();
    std::atomic<bool> returned{false};
    std::stop_source stop;
    std::thread server{[&] {
        backdoor_server(stop.get_token(), std::move(socket), {}, logging_to(log));
        returned = true;
    }};
    client first{address};
    client second{address};
    first.greeted();
    second.greeted();
    EXPECT_EQ(first.run("1 + 1"), "2\n");
    EXPECT_EQ(second.run("2 + 2"), "4\n");
    EXPECT_FALSE(returned);

    stop.request_stop();
    server.join();
    EXPECT_EQ(first.read_to_end(), "");
    EXPECT_EQ(second.read_to_end(), "");
}

// "The *locals* argument is a dictionary that will be included in the locals() of the interpreters."
TEST(backdoor_server, includes_the_locals_in_those_of_the_interpreters) {
    log_book log;
    auto socket = listen("localhost:0");
    const auto address = socket.address();
    locals names;
    names.set("answer", 42);
    const auto door = spawn(backdoor_server, std::move(socket), names, logging_to(log));
    client telnet{address};
    telnet.greeted();
    EXPECT_EQ(telnet.run("answer, locals()['answer']"), "(42, 42)\n");
}

// "This does not block the caller ... This is meant to be called from within an accept loop"
TEST(backdoor_function, returns_at_once_in_an_accept_loop_of_ones_own) {
    log_book log;
    const auto door = listen("127.0.0.1:0");
    locals names;
    names.set("answer", 42);
    std::vector<client> clients;
    for (int i = 0; i < 3; ++i) {
        clients.emplace_back(door.address());
        // Its client types nothing yet: if this waited for the console, it would wait for ever.
        backdoor(connection{accept(door.fd(), nullptr, nullptr)}, names, logging_to(log));
    }
    for (auto& one : clients) {
        one.greeted();
        EXPECT_EQ(one.run("answer"), "42\n");
    }
    for (auto& one : clients) {
        one.half_close();
        EXPECT_EQ(one.read_to_end(), "\nnow exiting InteractiveConsole...\n");
    }
    EXPECT_TRUE(eventually([&] { return log.lines().size() == 6; }));
}

TEST(backdoor_function, serves_any_connected_stream_socket) {
    int ends[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    log_book log;
    client one{unique_fd{ends[0]}};
    backdoor(connection{ends[1]}, {}, logging_to(log));
    one.greeted();
    EXPECT_EQ(one.run("6 * 7"), "42\n");
    one.close();
    EXPECT_TRUE(log.wait_for("backdoor closed"));
}

TEST(backdoor_function, names_the_peer_in_the_log_as_it_is_told) {
    log_book log;
    auto [server_end, client_end] = tcp_pair();
    backdoor(connection{std::move(server_end), "a friend"}, {}, logging_to(log));
    client_end.reset();
    EXPECT_TRUE(log.wait_for("backdoor closed to a friend"));
    EXPECT_EQ(log.lines().front(), "backdoor to a friend");
}

}  // namespace
}  // namespace backdoor::test
