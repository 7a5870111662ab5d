// SocketConsole(desc, hostport, locals) with the interactive interpreter as its body.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <optional>

#include "support/child.hpp"
#include "support/host.hpp"

namespace backdoor::test {
namespace {

struct conversation {
    explicit conversation(locals names = {}) : conversation{tcp_pair(), std::move(names)} {}

    log_book log;
    client user;
    SocketConsole console;

private:
    conversation(std::pair<unique_fd, unique_fd> ends, locals names)
        : user{std::move(ends.second)},
          console{connection{std::move(ends.first)}, std::move(names), logging_to(log)} {}
};

TEST(interactive_socket_console, serves_its_client_after_one_switch) {
    locals names;
    names.set("answer", 42);
    conversation talk{names};
    EXPECT_TRUE(talk.console.switch_to().is_none());
    EXPECT_FALSE(talk.console.dead());
    EXPECT_TRUE(talk.user.read_until(prompt).starts_with("Python 3."));
    EXPECT_EQ(talk.user.run("answer"), "42\n");
}

TEST(interactive_socket_console, says_nothing_before_it_is_switched_to) {
    conversation talk;
    EXPECT_EQ(talk.user.read_for(50ms), "");
}

TEST(interactive_socket_console, hands_back_whenever_it_is_resumed) {
    conversation talk;
    talk.console.switch_to();
    talk.user.greeted();
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(talk.console.switch_to().is_none());
        EXPECT_EQ(talk.user.run("1"), "1\n");
    }
}

TEST(interactive_socket_console, is_dead_when_its_client_has_left) {
    conversation talk;
    talk.console.switch_to();
    talk.user.greeted();
    talk.user.run("1");
    talk.user.close();
    EXPECT_TRUE(eventually([&] { return talk.console.dead(); }));
    EXPECT_EQ(talk.console.switch_to(7).as<int>(), 7);
}

TEST(interactive_socket_console, is_dead_after_exit) {
    conversation talk;
    talk.console.switch_to();
    talk.user.greeted();
    talk.user.send("exit()\n");
    EXPECT_EQ(talk.user.read_to_end(), "");
    talk.user.close();
    EXPECT_TRUE(eventually([&] { return talk.console.dead(); }));
}

TEST(interactive_socket_console, closes_its_client_when_it_is_destroyed) {
    auto [server_end, client_end] = tcp_pair();
    client user{std::move(client_end)};
    log_book log;
    {
        SocketConsole console{connection{std::move(server_end)}, {}, logging_to(log)};
        console.switch_to();
        user.greeted();
        user.run("1");
    }
    EXPECT_EQ(user.read_to_end(), "");
    EXPECT_TRUE(eventually([&] { return log.lines().size() == 2; }));
}

TEST(interactive_socket_console, closes_its_client_also_when_it_never_ran) {
    auto [server_end, client_end] = tcp_pair();
    client user{std::move(client_end)};
    { SocketConsole console{connection{std::move(server_end)}}; }
    EXPECT_EQ(user.read_to_end(), "");
}

TEST(interactive_socket_console, interrupts_a_command_when_it_is_destroyed) {
    auto [server_end, client_end] = tcp_pair();
    client user{std::move(client_end)};
    log_book log;
    {
        SocketConsole console{connection{std::move(server_end)}, {}, logging_to(log)};
        console.switch_to();
        user.greeted();
        user.send("print('spins')\nwhile True: pass\n\n");
        user.read_until("spins");
    }
    EXPECT_EQ(user.read_for(100ms).find("Traceback"), std::string::npos);
}

// In a process of its own: a race here ends it.
HOST_PROGRAM(destroys_consoles_as_their_clients_leave) {
    for (int i = 0; i < 50; ++i) {
        auto [server_end, client_end] = tcp_pair();
        client user{std::move(client_end)};
        log_book log;
        SocketConsole console{connection{std::move(server_end)}, {}, logging_to(log)};
        console.switch_to();
        user.greeted();
        user.reset();
    }
    return 0;
}

TEST(interactive_socket_console, may_be_destroyed_while_its_client_leaves) {
    EXPECT_EQ(child{"destroys_consoles_as_their_clients_leave"}.wait(), 0);
}

HOST_PROGRAM(runs_a_body_that_throws_no_std_exception) {
    SocketConsole console{[](SocketConsole&, const arguments&) -> value { throw 42; }};
    try {
        console.switch_to();
    } catch (int number) {
        return number;
    }
    return 1;
}

TEST(socket_console, throws_also_what_is_no_std_exception) {
    EXPECT_EQ(child{"runs_a_body_that_throws_no_std_exception"}.wait(), 42);
}

}  // namespace
}  // namespace backdoor::test
