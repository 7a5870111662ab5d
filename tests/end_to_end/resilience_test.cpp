// What the network side lives through: nobody reads, nothing is left to be had, the host throws.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/child.hpp"
#include "support/host.hpp"
#include "support/process.hpp"

namespace backdoor::test {
namespace {

// ---- standard output ----------------------------------------------------------------------------

options without_log() {
    options choices;
    choices.telnet = telnet_mode::never;
    return choices;
}

/// Serves one client after the other until the test answers.
int serve_without_log() {
    server door{"127.0.0.1:0", {}, without_log()};
    tell(door.address());
    ask();
    return 0;
}

/// Standard output becomes a pipe; gives the end to read from.
unique_fd pipe_at_standard_output() {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0 || dup2(ends[1], STDOUT_FILENO) < 0) {
        throw std::runtime_error{"cannot make a pipe"};
    }
    close(ends[1]);
    return unique_fd{ends[0]};
}

void fill_standard_output() {
    const auto mode = fcntl(STDOUT_FILENO, F_GETFL);
    fcntl(STDOUT_FILENO, F_SETFL, mode | O_NONBLOCK);
    while (write(STDOUT_FILENO, "x", 1) == 1) {
    }
    fcntl(STDOUT_FILENO, F_SETFL, mode);
}

HOST_PROGRAM(has_a_full_standard_output) {
    const auto unread = pipe_at_standard_output();
    fill_standard_output();
    return serve_without_log();
}

HOST_PROGRAM(has_a_standard_output_that_is_read_late) {
    const auto unread = pipe_at_standard_output();
    fill_standard_output();
    server door{"127.0.0.1:0", {}, without_log()};
    tell(door.address());
    ask();
    std::string all;
    std::vector<char> buffer(64 * 1024);
    while (all.find("backdoor closed to") == std::string::npos) {
        const auto size = read(unread.get(), buffer.data(), buffer.size());
        if (size <= 0) {
            return 1;
        }
        all.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return all.find("backdoor server listening on " + door.address() + "\n") != std::string::npos ? 0
                                                                                             : 2;
}

HOST_PROGRAM(has_a_standard_output_nobody_will_ever_read) {
    std::signal(SIGPIPE, SIG_DFL);
    pipe_at_standard_output().reset();
    return serve_without_log();
}

HOST_PROGRAM(has_no_standard_output) {
    close(STDOUT_FILENO);
    return serve_without_log();
}

class host_whose_log_goes_nowhere : public testing::TestWithParam<const char*> {};

TEST_P(host_whose_log_goes_nowhere, serves_all_the_same) {
    child program{GetParam()};
    const auto address = program.told();
    for (int i = 0; i < 3; ++i) {
        client one{address};
        one.greeted();
        EXPECT_EQ(one.run("6 * 7"), "42\n");
    }
    program.answer();
    EXPECT_EQ(program.wait(), 0);
}

INSTANTIATE_TEST_SUITE_P(that, host_whose_log_goes_nowhere,
                         testing::Values("has_a_full_standard_output",
                                         "has_a_standard_output_that_is_read_late",
                                         "has_a_standard_output_nobody_will_ever_read",
                                         "has_no_standard_output"),
                         [](const auto& instance) { return std::string{instance.param}; });

// ---- clients that send and do not read -----------------------------------------------------------

/// Sends as long as it is taken, and not for ever: the server must stop taking it.
bool is_made_to_wait(client& one, std::string_view piece, std::size_t far_too_much) {
    std::string bytes;
    while (bytes.size() < 64 * 1024) {
        bytes += piece;
    }
        auto last = clock::now();
    for (std::size_t sent = 0; sent < far_too_much;) {
        const auto count = ::send(one.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count > 0) {
            sent += static_cast<std::size_t>(count);
            last = clock::now();
        } else if (clock::now() - last > 1s) {
            return true;
        } else {
            std::this_thread::sleep_for(1ms);
        }
    }
    return false;
}

struct flood {
    const char* name;
    telnet_mode mode;
    std::string opening;
    std::string piece;
    std::size_t far_too_much = 64 * 1024 * 1024;
    bool has_to_wait = true;
};

class client_that_floods : public testing::TestWithParam<flood> {};

TEST_P(client_that_floods, and_reads_nothing_hurts_nobody) {
    options choices;
    choices.telnet = GetParam().mode;
    log_book log;
    const server door{"127.0.0.1:0", {}, logging_to(log, choices)};
    const auto memory = resident_bytes();
    client bad{door.address()};
    bad.send(GetParam().opening);
    const bool waited = is_made_to_wait(bad, GetParam().piece, GetParam().far_too_much);
    if (GetParam().has_to_wait) {
        EXPECT_TRUE(waited);
    }
    client good{door.address()};
    good.greeted();
    EXPECT_NE(good.run("6 * 7").find("42"), std::string::npos);
    if (!sanitized) {
        EXPECT_LT(resident_bytes(), memory + 64 * 1024 * 1024);
    }
}

const std::string character_mode = "\xff\xfd\x01\xff\xfd\x03";  // DO ECHO, DO SUPPRESS-GO-AHEAD

INSTANTIATE_TEST_SUITE_P(
    with, client_that_floods,
    // Answers to Ctrl-C, which always counts, are left out instead, and so are keys for which a block
    // has no room.
    testing::Values(flood{"ctrl_c", telnet_mode::never, "", "\x03", 2 * 1024 * 1024, false},
                    flood{"are_you_there", telnet_mode::never, "", "\xff\xf6"},
                    flood{"keys", telnet_mode::always, character_mode, "x", 4 * 1024 * 1024, false},
                    flood{"keys_and_ctrl_c", telnet_mode::always, character_mode, "x\x03"},
                    flood{"commands", telnet_mode::never, "", "'x' * 1000\n"}),
    [](const auto& instance) { return std::string{instance.param.name}; });

// ---- descriptors --------------------------------------------------------------------------------

HOST_PROGRAM(has_few_descriptors) {
    log_book log;
    server door{"127.0.0.1:0", {}, logging_to(log)};
    // Python's start needs some, too, and so does UBSan, the first time that a session ends.
    client{door.address()}.greeted().run("1");
    if (!log.wait_for_part("backdoor closed to")) {
        return 1;
    }
    client{door.address()}.greeted().run("1");
    const rlimit few{descriptor_count() + 8, descriptor_count() + 8};
    setrlimit(RLIMIT_NOFILE, &few);
    tell(door.address());
    ask();
    return 0;
}

TEST(host_that_runs_out_of_descriptors, lets_clients_in_when_others_have_left) {
    child program{"has_few_descriptors"};
    const auto address = program.told();
    std::vector<client> all;
    for (int i = 0; i < 20; ++i) {
        all.emplace_back(address);
    }
    all.front().greeted();
    EXPECT_EQ(all.front().run("6 * 7"), "42\n");
    auto last = std::move(all.back());
    all.clear();
    // It has waited, or was told why not.
    const auto shown = last.read_until("\n");
    if (shown.starts_with("Python ")) {
        last.greeted();
        EXPECT_EQ(last.run("6 * 7"), "42\n");
    }
    client next{address};
    next.greeted();
    EXPECT_EQ(next.run("6 * 7"), "42\n");
    program.answer();
    EXPECT_EQ(program.wait(), 0);
}

// ---- functions of the host ------------------------------------------------------------------------

TEST(log_function, may_throw) {
    options choices;
    choices.telnet = telnet_mode::never;
    std::atomic<int> calls{0};
    choices.log = [&](std::string_view) -> void {
        if (++calls % 2 == 0) {
            throw std::runtime_error{"disk full"};
        }
        throw 42;
    };
    server door{"127.0.0.1:0", {}, choices};
    for (int i = 0; i < 2; ++i) {
        client one{door.address()};
        one.greeted();
        EXPECT_EQ(one.run("6 * 7"), "42\n");
    }
    door.stop();
    EXPECT_GE(calls, 5);
}

TEST(audit_function, may_throw_what_is_no_exception) {
    options choices;
    choices.audit = [](const audit_event&) { throw 42; };
    const host h{{}, choices};
    auto one = h.greeted_client();
    EXPECT_EQ(one.run("6 * 7"), "42\n");
    EXPECT_TRUE(h.log.wait_for(
        "backdoor: options.audit threw what is no std::exception; going on without it"));
}

}  // namespace
}  // namespace backdoor::test
