// fork() and exec() from anywhere, while consoles run.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/child.hpp"
#include "support/host.hpp"
#include "support/process.hpp"

namespace {
bool is_forked_child = false;
}

// To LeakSanitizer everything is leaked in a forked child that only other threads of the parent knew of, on
// their stacks.
extern "C" __attribute__((visibility("default"))) int __lsan_is_turned_off() { return is_forked_child ? 1 : 0; }

namespace backdoor::test {
namespace {

options quiet() {
    options choices;
    choices.telnet = telnet_mode::never;
    choices.log = [](std::string_view) {};
    return choices;
}

/// A child's exit status; a child that hangs is killed, and is -SIGKILL.
int status_of(pid_t pid) {
    int status = 0;
    if (!eventually([&] { return waitpid(pid, &status, WNOHANG) == pid; })) {
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

template <class F>
pid_t fork_and(F f) {
    const pid_t pid = fork();
    if (pid == 0) {
        is_forked_child = true;
        f();
        _exit(99);
    }
    return pid;
}

std::size_t count_sockets() {
    std::size_t count = 0;
    for (const auto& one : std::filesystem::directory_iterator{"/proc/self/fd"}) {
        std::error_code gone;
        count += std::filesystem::read_symlink(one.path(), gone).string().starts_with("socket:") ? 1 : 0;
    }
    return count;
}

// ---- under load ---------------------------------------------------------------------------------

/// Every child ends in another of the ways there are.
int fork_once(int i) {
    return status_of(fork_and([i] {
        switch (i % 8) {
            case 0:
                std::thread{[] {}}.join();
                _exit(0);
            case 1:
                std::exit(0);  // with our destructors
            case 2:
                std::quick_exit(0);
            case 3:
                _exit(status_of(fork_and([] { _exit(0); })));
            case 4: {
                char name[] = "/bin/true";
                char* const arguments[] = {name, nullptr};
                execv(name, arguments);
                _exit(2);
            }
            default:
                _exit(0);
        }
    }));
}

HOST_PROGRAM(forks_under_load) {
    static std::optional<server> door;
    door.emplace("127.0.0.1:0", locals{}, quiet());
    tell(door->address());
    ask();
    constexpr int forks = sanitized ? 100 : 1000;
    std::atomic<int> next{0};
    std::atomic<int> bad{0};
    std::vector<std::thread> all;
    for (int i = 0; i < 3; ++i) {
        all.emplace_back([&] {
            for (int n = next++; n < forks; n = next++) {
                bad += fork_once(n) != 0 ? 1 : 0;
            }
        });
    }
    for (auto& one : all) {
        one.join();
    }
    tell("forked");
    ask();
    door.reset();
    return bad == 0 ? 0 : 1;
}

TEST(host_that_forks_under_load, goes_on_and_its_children_end) {
    child program{"forks_under_load"};
    const auto address = program.told();
    std::vector<client> busy;
    for (const char* command : {"while True: x = 1\n\n", "while True: print('x' * 500)\n\n",
                                "import time\nwhile True: time.sleep(.001)\n\n"}) {
        busy.emplace_back(address);
        busy.back().greeted().send(command);
    }
    std::atomic<bool> over{false};
    std::atomic<int> answers{0};
    std::atomic<bool> exact{true};
    std::thread user{[&] {
        try {
            while (!over) {
                client one{address};
                one.greeted();
                for (int i = 0; i < 20; ++i) {
                    exact = exact && one.run("6 * 7") == "42\n";
                }
                ++answers;
            }
        } catch (const std::exception&) {
            exact = false;
        }
    }};
    program.answer();
    EXPECT_EQ(program.told(80s), "forked");
    over = true;
    user.join();
    EXPECT_TRUE(exact);
    EXPECT_GT(answers, 0);
    program.answer();
    EXPECT_EQ(program.wait(60s), 0);
}

// ---- while consoles open ---------------------------------------------------------------------------

HOST_PROGRAM(forks_while_its_first_console_opens) {
    server door{"127.0.0.1:0", {}, quiet()};
    std::atomic<bool> over{false};
    std::atomic<int> bad{0};
    std::vector<std::thread> all;
    for (int i = 0; i < 2; ++i) {
        all.emplace_back([&, i] {
            for (int n = i; !over; n += 2) {
                bad += fork_once(n) != 0 ? 1 : 0;
            }
        });
    }
    tell(door.address());
    ask();
    over = true;
    for (auto& one : all) {
        one.join();
    }
    door.stop();
    return bad == 0 ? 0 : 1;
}

TEST(host_that_forks_under_load, may_do_so_while_its_first_console_opens) {
    for (int i = 0; i < 5; ++i) {
        child program{"forks_while_its_first_console_opens"};
        const auto address = program.told();
        std::vector<client> all;
        for (int n = 0; n < 5; ++n) {
            all.emplace_back(address);
            all.back().send("6 * 7\n");
        }
        for (auto& one : all) {
            EXPECT_EQ(one.greeted().read_until(prompt), "42\n>>> ");
        }
        program.answer();
        EXPECT_EQ(program.wait(60s), 0);
    }
}

TEST(host_that_forks_under_load, may_do_so_at_a_prompt_while_others_open) {
    const host h;
    std::atomic<bool> over{false};
    std::atomic<bool> exact{true};
    std::thread others{[&] {
        try {
            while (!over) {
                exact = h.greeted_client().run("6 * 7") == "42\n" && exact;
            }
        } catch (const std::exception&) {
            exact = false;
        }
    }};
    auto one = h.greeted_client();
    one.run("import os, sys, warnings; warnings.simplefilter('ignore')");
    for (const auto* end : {"os._exit(3)", "sys.exit(3)"}) {
        for (int i = 0; i < 100; ++i) {
            one.run("pid = os.fork() or " + std::string{end});
            EXPECT_EQ(one.run("os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])"), "3\n");
        }
    }
    over = true;
    others.join();
    EXPECT_TRUE(exact);
}

// ---- what the child has ---------------------------------------------------------------------------

HOST_PROGRAM(has_a_child_that_stays) {
    std::optional<server> door;
    door.emplace("127.0.0.1:0", locals{}, quiet());
    tell(door->address());
    ask();
    const pid_t pid = fork_and([] {
        for (;;) {
            pause();
        }
    });
    door.reset();
    tell("stopped");
    ask();
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return 0;
}

TEST(child_of_a_host, keeps_neither_clients_nor_the_port) {
    child program{"has_a_child_that_stays"};
    const auto address = program.told();
    client one{address};
    one.greeted();
    EXPECT_EQ(one.run("6 * 7"), "42\n");
    program.answer();
    EXPECT_EQ(program.told(), "stopped");
    one.read_to_end();
    EXPECT_THROW(client{address}, std::runtime_error);
    const host next{{}, {}, address};
    program.answer();
    EXPECT_EQ(program.wait(), 0);
}

HOST_PROGRAM(has_a_child_that_counts_sockets) {
    const server door{"127.0.0.1:0", {}, quiet()};
    tell(door.address());
    ask();
    return status_of(fork_and([] { _exit(static_cast<int>(count_sockets())); }));
}

TEST(child_of_a_host, has_none_of_its_sockets) {
    child program{"has_a_child_that_counts_sockets"};
    auto one = program.greeted_client();
    EXPECT_EQ(one.run("6 * 7"), "42\n");
    program.answer();
    EXPECT_EQ(program.wait(), 0);
}

HOST_PROGRAM(has_a_child_with_a_server_of_its_own) {
    const server door{"127.0.0.1:0", {}, quiet()};
    client{door.address()}.greeted().run("1");
    return status_of(fork_and([] {
        server mine{"127.0.0.1:0", {}, quiet()};
        client one{mine.address()};
        one.greeted();
        mine.stop();
        std::exit(0);
    }));
}

TEST(child_of_a_host, may_have_a_server_of_its_own) {
    EXPECT_EQ(child{"has_a_child_with_a_server_of_its_own"}.wait(), 0);
}

HOST_PROGRAM(becomes_another_program) {
    static const server door{"127.0.0.1:0", {}, quiet()};
    tell(door.address());
    ask();
    char name[] = "/bin/sh";
    char option[] = "-c";
    char script[] = "ls -l /proc/self/fd | grep -c socket: ; exit 7";
    char* const arguments[] = {name, option, script, nullptr};
    execv(name, arguments);
    return 1;
}

TEST(exec, ends_consoles_and_leaves_nothing_open) {
    child program{"becomes_another_program"};
    auto one = program.greeted_client();
    one.send("print('begun'); exec('while True: x = 1')\n");
    one.read_until("begun\n");
    program.answer();
    one.read_to_end();
    EXPECT_EQ(program.wait(), 7);
}

// ---- at the prompt --------------------------------------------------------------------------------

TEST(fork_at_the_prompt, leaves_the_console_to_the_parent) {
    const host h;
    auto one = h.greeted_client();
    // From 3.12 on Python warns of forks of processes with threads.
    one.run("import os, sys, warnings; warnings.simplefilter('ignore')");
    one.run("pid = os.fork()");
    EXPECT_EQ(one.run("os.waitpid(pid, 0)[1]"), "0\n");
    // print() in the child reaches nobody.
    one.send("pid = os.fork() or (print('of the child'), os._exit(3))\n");
    EXPECT_EQ(one.read_until(prompt), ">>> ");
    EXPECT_EQ(one.run("os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])"), "3\n");
    one.run("pid = os.fork() or sys.exit(4)");
    EXPECT_EQ(one.run("os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])"), "4\n");
}

TEST(subprocess_at_the_prompt, has_none_of_our_sockets) {
    const host h;
    auto one = h.greeted_client();
    one.run("import subprocess");
    EXPECT_EQ(one.run("subprocess.run(['sh', '-c', 'ls -l /proc/self/fd'], close_fds=False, "
                      "stdin=subprocess.DEVNULL, capture_output=True, text=True)"
                      ".stdout.count('socket:')"),
              "0\n");
}

}  // namespace
}  // namespace backdoor::test
