// However the host ends, it ends as it wants to.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <future>
#include <optional>
#include <string_view>
#include <thread>

#include "support/child.hpp"
#include "support/host.hpp"

namespace backdoor::test {
namespace {

/// A server that is up, and stays so, until the test answers.
host& serve_until_answered() {
    static std::optional<host> h;
    h.emplace();
    tell(h->door.address());
    ask();
    return *h;
}

HOST_PROGRAM(returns_from_main) {
    host h;
    tell(h.door.address());
    ask();
    return 7;
}

HOST_PROGRAM(calls_exit_with_a_static_server) {
    serve_until_answered();
    std::exit(7);
}

HOST_PROGRAM(calls_exit_with_a_server_on_the_stack) {
    host h;
    tell(h.door.address());
    ask();
    std::exit(7);
}

HOST_PROGRAM(calls_quick_exit) {
    serve_until_answered();
    std::quick_exit(7);
}

HOST_PROGRAM(exits_on_another_thread) {
    host h;
    tell(h.door.address());
    std::thread{[] {
        ask();
        std::exit(7);
    }}.join();
    return 1;
}

struct way_to_end {
    const char* program;
    const char* command;
};

class host_that_ends : public testing::TestWithParam<way_to_end> {};

TEST_P(host_that_ends, does_so_with_its_own_status) {
    child program{GetParam().program};
    auto one = program.greeted_client();
    one.run("import time");
    one.send(std::string{"print('begun'); "} + GetParam().command + "\n");
    one.read_until("begun\n");
    program.answer();
    EXPECT_EQ(program.wait(), 7);
}

std::vector<way_to_end> all_ways() {
    std::vector<way_to_end> ways;
    for (const char* program :
         {"returns_from_main", "calls_exit_with_a_static_server",
          "calls_exit_with_a_server_on_the_stack", "calls_quick_exit", "exits_on_another_thread"}) {
        for (const char* command :
             {"1", "exec('while True: x = 1')", "time.sleep(60)", "exec('while True: print(1)')"}) {
            ways.push_back({program, command});
        }
    }
    return ways;
}

INSTANTIATE_TEST_SUITE_P(
    whatever_consoles_do, host_that_ends, testing::ValuesIn(all_ways()), [](const auto& instance) {
        std::string name = instance.param.program + std::string{"_while_"} + instance.param.command;
        for (auto& c : name) {
            c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
        }
        return name;
    });

// ---- an IO thread that does not answer ----------------------------------------------------------

// Beyond what is promised, for a busy machine.
constexpr auto most_for_stopping = 2s + 5s;

/// As daemons do that do not know what they have open.
void close_all_descriptors() {
    for (int fd = STDERR_FILENO + 1; fd < 1024; ++fd) {
        if (fd != from_parent && fd != to_parent) {
            syscall(SYS_close, fd);  // ThreadSanitizer knows why close() must not be called here
        }
    }
}

int stops_in_time(host& h) {
    const auto before = clock::now();
    h.door.stop();
    const auto took = clock::now() - before;
    // Where it did not sleep just then, the IO thread finds that it has no descriptors, and answers.
    const bool is_told = took < 2s || h.log.wait_for_part("is left behind");
    return !is_told ? 2 : took < most_for_stopping ? 0 : 1;
}

HOST_PROGRAM(closes_all_descriptors) {
    host h;
    tell(h.door.address());
    ask();
    close_all_descriptors();
    const int failure = stops_in_time(h);
    // Others are served all the same.
    h.door = server{"127.0.0.1:0", {}, logging_to(h.log)};
    tell(h.door.address());
    ask();
    return failure;
}

TEST(host_that_closes_all_descriptors, can_stop_its_server_and_start_another) {
    child program{"closes_all_descriptors"};
    const auto one = program.greeted_client();
    program.answer();
    auto next = program.greeted_client();
    EXPECT_EQ(next.run("6 * 7"), "42\n");
    program.answer();
    EXPECT_EQ(program.wait(), 0);
}

HOST_PROGRAM(closes_all_descriptors_and_ends) {
    static host h;
    h.greeted_client().run("1");
    close_all_descriptors();
    tell("closed");
    return 7;
}

TEST(host_that_closes_all_descriptors, ends_with_its_own_status) {
    child program{"closes_all_descriptors_and_ends"};
    EXPECT_EQ(program.told(), "closed");
    EXPECT_EQ(program.wait(most_for_stopping), 7);
}

HOST_PROGRAM(closes_all_descriptors_while_the_io_thread_is_awake) {
    log_book log;
    auto choices = logging_to(log);
    choices.telnet = telnet_mode::never;
    choices.log = [write = choices.log](std::string_view line) {
        write(line);
        if (line.starts_with("backdoor to")) {
            close_all_descriptors();
        }
    };
    std::optional<server> door{std::in_place, "127.0.0.1:0", locals{}, choices};
    tell(door->address());
    if (!log.wait_for_part("has closed descriptors that are not its own")) {
        return 1;
    }
    const host next;
    if (next.greeted_client().run("6 * 7") != "42\n") {
        return 2;
    }
    door.reset();
    std::quick_exit(0);  // to LeakSanitizer, what is left behind and has no thread any more is leaked
}

TEST(host_that_closes_all_descriptors, is_told_of_it_where_the_io_thread_is_awake) {
    child program{"closes_all_descriptors_while_the_io_thread_is_awake"};
    client one{program.told()};
    one.read_to_end();
    EXPECT_EQ(program.wait(2 * patience), 0);
}

HOST_PROGRAM(never_returns_from_its_log_function) {
    std::promise<void> stuck;
    auto choices = options{};
    choices.telnet = telnet_mode::never;
    choices.log = [&](std::string_view line) {
        if (line.starts_with("backdoor to")) {
            stuck.set_value();
            std::promise<void>{}.get_future().wait();
        }
    };
    server door{"127.0.0.1:0", {}, choices};
    const client one{door.address()};
    stuck.get_future().wait();
    const auto before = clock::now();
    door.stop();
    std::quick_exit(clock::now() - before < most_for_stopping ? 0 : 1);
}

TEST(host_whose_log_function_does_not_return, can_stop_its_server) {
    EXPECT_EQ(child{"never_returns_from_its_log_function"}.wait(), 0);
}

// ---- Python's memory, and the GIL -------------------------------------------------------------

/// With Python's own check that its memory is not touched without the GIL.
int with_checked_memory(const std::function<void(host&)>& use) {
    setenv("PYTHONMALLOC", "debug", 1);
    for (int i = 0; i < 50; ++i) {
        host h;
        use(h);
    }
    return 0;
}

HOST_PROGRAM(has_clients_that_exit) {
    const int result = with_checked_memory([](host& h) {
        auto one = h.greeted_client();
        one.send("exit()\n");
        one.read_to_end();
    });
    std::quick_exit(result);
}

TEST(pythons_memory, is_given_back_with_the_gil_after_exit) {
    EXPECT_EQ(child{"has_clients_that_exit"}.wait(), 0);
}

HOST_PROGRAM(has_clients_that_leave) {
    const int result = with_checked_memory([](host& h) {
        auto one = h.greeted_client();
        one.run("x = [1, 2, 3]");
        one.close();
        eventually([&] { return h.log.lines().size() == 3; });
    });
    std::quick_exit(result);
}

TEST(pythons_memory, is_given_back_with_the_gil_after_a_client_has_left) {
    EXPECT_EQ(child{"has_clients_that_leave"}.wait(), 0);
}

HOST_PROGRAM(has_a_client_and_ends) {
    setenv("PYTHONMALLOC", "debug", 1);
    host h;
    h.greeted_client().run("1");
    h.door.stop();
    return 0;
}

TEST(pythons_memory, is_left_alone_when_the_process_ends) {
    EXPECT_EQ(child{"has_a_client_and_ends"}.wait(), 0);
}

}  // namespace
}  // namespace backdoor::test
