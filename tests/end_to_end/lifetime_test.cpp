// Servers start and stop, and leave nothing behind.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <atomic>

#include "support/host.hpp"
#include "support/process.hpp"

namespace backdoor::test {
namespace {

// Beyond a limit that was promised, for a busy machine.
constexpr auto slack = 5s;

void serve_one_client() {
    const host h;
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("6 * 7"), "42\n");
}

TEST(server, may_start_and_stop_100_times) {
    for (int i = 0; i < 20; ++i) {
        serve_one_client();
    }
    const auto threads = thread_count();
    const auto descriptors = descriptor_count();
    const auto memory = resident_bytes();
    for (int i = 0; i < 100; ++i) {
        serve_one_client();
    }
    EXPECT_TRUE(eventually([&] { return thread_count() <= threads; })) << thread_count();
    EXPECT_TRUE(eventually([&] { return descriptor_count() <= descriptors; }))
        << descriptor_count();
    if (!sanitized) {
        EXPECT_LT(resident_bytes(), memory + 2 * 1024 * 1024);
    }
}

TEST(server, may_start_and_stop_100_times_without_clients) {
    { const host h; }
    const auto threads = thread_count();
    const auto descriptors = descriptor_count();
    for (int i = 0; i < 100; ++i) {
        const host h;
        EXPECT_TRUE(eventually([&] { return thread_count() <= threads + 1; }));
    }
    EXPECT_TRUE(eventually([&] { return thread_count() <= threads; }));
    EXPECT_TRUE(eventually([&] { return descriptor_count() <= descriptors; }));
}

TEST(server, leaves_nothing_of_a_thousand_clients) {
    const host h;
    h.greeted_client().run("1");
    EXPECT_TRUE(eventually([&] { return h.log.lines().size() == 3; }));
    const auto threads = thread_count();
    const auto descriptors = descriptor_count();
    for (int i = 0; i < 1000; ++i) {
        client{h.door.address()}.read_until("\n");
    }
    EXPECT_TRUE(eventually([&] { return h.log.lines().size() == 2003; }));
    EXPECT_TRUE(eventually([&] { return thread_count() <= threads; }));
    EXPECT_TRUE(eventually([&] { return descriptor_count() <= descriptors; }));
}

TEST(server, may_be_stopped_twice) {
    host h;
    h.door.stop();
    h.door.stop();
    EXPECT_THROW(h.greeted_client(), std::runtime_error);
}

TEST(server, keeps_its_address_when_it_is_stopped) {
    host h;
    const auto address = h.door.address();
    h.door.stop();
    EXPECT_EQ(h.door.address(), address);
}

TEST(server, lets_another_have_its_port_when_it_is_stopped) {
    host h;
    const auto address = h.door.address();
    auto one = h.greeted_client();
    one.run("1");
    h.door.stop();
    const host next{{}, {}, address};
    EXPECT_EQ(next.greeted_client().run("2"), "2\n");
}

class stopping : public testing::TestWithParam<std::string> {};

TEST_P(stopping, is_bounded_by_the_shutdown_limit) {
    options choices;
    choices.shutdown_limit = 200ms;
    host h{{}, choices};
    auto one = h.greeted_client();
    one.run("import time, threading; lock = threading.Lock(); held = lock.acquire()");
    one.send("print('begun'); " + GetParam() + "\n");
    one.read_until("begun\n");
    const auto before = clock::now();
    h.door.stop();
    EXPECT_LT(clock::now() - before, choices.shutdown_limit + slack);
    one.read_to_end();
    serve_one_client();
}

INSTANTIATE_TEST_SUITE_P(while_a_console, stopping,
                         testing::Values("exec('while True: pass')", "time.sleep(60)",
                                         "lock.acquire()", "input()",
                                         "exec('while True: print(1)')",
                                         "sum(range(3 * 10 ** 7))"));

TEST(stopping_server, interrupts_what_can_be_interrupted) {
    std::atomic<bool> ended{false};
    locals names;
    names.function("ended", [&] { ended = true; });
    options choices;
    choices.shutdown_limit = patience;
    host h{names, choices};
    auto one = h.greeted_client();
    one.send("try:\n    print('begun')\n    while True: x = 1\nfinally: ended()\n\n");
    one.read_until("begun\n");
    h.door.stop();
    EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace backdoor::test
