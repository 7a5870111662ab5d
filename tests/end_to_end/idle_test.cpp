// A server that nobody uses costs next to nothing.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <clocale>
#include <csignal>
#include <thread>

#include "support/child.hpp"
#include "support/host.hpp"
#include "support/process.hpp"

namespace backdoor::test {
namespace {

/// Without those that a sanitizer starts with the first of ours.
std::size_t threads_before() {
    std::thread{[] {}}.join();
    return thread_count();
}

HOST_PROGRAM(waits_for_clients) {
    const auto threads = threads_before();
    const host h;
    eventually([&] { return thread_count() > threads; });
    tell(std::to_string(thread_count() - threads));
    tell(has_mapped("libpython") ? "Python is loaded" : "no Python");
    return 0;
}

TEST(idle_server, has_one_thread_and_no_python) {
    child program{"waits_for_clients"};
    EXPECT_EQ(program.told(), "1");
    EXPECT_EQ(program.told(), "no Python");
    EXPECT_EQ(program.wait(), 0);
}

HOST_PROGRAM(has_two_servers) {
    const auto threads = threads_before();
    const host first;
    const host second;
    tell(std::to_string(thread_count() - threads));
    return 0;
}

TEST(idle_server, shares_its_thread_with_another) {
    EXPECT_EQ(child{"has_two_servers"}.told(), "1");
}

TEST(idle_clients, add_no_threads) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    ASSERT_GT(limit.rlim_cur, 3000U) << "this test needs 2,000 descriptors";
    const host h;
    const auto first = h.greeted_client();
    const auto threads = thread_count();
    std::vector<client> all;
    for (int i = 0; i < 1000; ++i) {
        all.push_back(h.greeted_client());
    }
    EXPECT_EQ(thread_count(), threads);
    EXPECT_EQ(all.back().run("6 * 7"), "42\n");
}

HOST_PROGRAM(compares_itself_before_and_after) {
    const std::string locale = setlocale(LC_ALL, nullptr);
    struct sigaction before[NSIG] = {};
    for (int i = 1; i < NSIG; ++i) {
        sigaction(i, nullptr, &before[i]);
    }
    {
        const host h;
        auto one = h.greeted_client();
        one.run("import os, sys, locale, signal, threading, asyncio");
        one.run("1 / 0");
    }
    if (locale != setlocale(LC_ALL, nullptr)) {
        return NSIG;
    }
    for (int i = 1; i < NSIG; ++i) {
        struct sigaction after {};
        sigaction(i, nullptr, &after);
        if (after.sa_handler != before[i].sa_handler) {
            return i;
        }
    }
    return 0;
}

TEST(console, changes_no_signal_handler_and_no_locale_of_the_process) {
    EXPECT_EQ(child{"compares_itself_before_and_after"}.wait(), 0);
}

/// The server's end of a client's connection, in this process; -1 where there is none.
int server_end_of(const client& one) {
    sockaddr_in mine{};
    socklen_t size = sizeof mine;
    getsockname(one.fd(), reinterpret_cast<sockaddr*>(&mine), &size);
    for (int fd = 3; fd < 1024; ++fd) {
        sockaddr_in peer{};
        size = sizeof peer;
        if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
            peer.sin_family == AF_INET && peer.sin_port == mine.sin_port) {
            return fd;
        }
    }
    return -1;
}

int option_of(int fd, int level, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    getsockopt(fd, level, name, &value, &size);
    return value;
}

TEST(idle_clients, keep_their_way_through_a_nat) {
    const host h;
    const auto one = h.greeted_client();
    const int fd = server_end_of(one);
    ASSERT_GE(fd, 0);
    EXPECT_EQ(option_of(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
    EXPECT_LE(option_of(fd, IPPROTO_TCP, TCP_KEEPIDLE), 60);
    EXPECT_LE(option_of(fd, IPPROTO_TCP, TCP_KEEPINTVL), 60);
}

}  // namespace
}  // namespace backdoor::test
