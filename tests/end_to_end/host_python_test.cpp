// Hosts that run Python themselves, each in a process of its own.
#include <pybind11/embed.h>

#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/child.hpp"
#include "support/host.hpp"

namespace backdoor::test {
namespace {

namespace py = pybind11;

/// What a client does, while the host holds the GIL or not.
std::string run(const host& h, const char* line) {
    const py::gil_scoped_release waiting;
    return h.greeted_client().run(line);
}

int check(bool good) { return good ? 0 : 1; }

HOST_PROGRAM(holds_the_gil_at_both_ends) {
    const py::scoped_interpreter python;
    const host h;
    return check(run(h, "6 * 7") == "42\n");
}

HOST_PROGRAM(holds_the_gil_at_neither_end) {
    const py::scoped_interpreter python;
    const py::gil_scoped_release released;
    const host h;
    return check(h.greeted_client().run("6 * 7") == "42\n");
}

HOST_PROGRAM(stops_with_the_gil_while_a_command_runs) {
    const py::scoped_interpreter python;
    host h;
    client one{h.door.address()};
    {
        const py::gil_scoped_release waiting;
        one.greeted();
        one.send("print('begun'); exec('while True: x = 1')\n");
        one.read_until("begun\n");
    }
    h.door.stop();
    return 0;
}

HOST_PROGRAM(finalizes_right_after_clients_left) {
    py::initialize_interpreter();
    {
        const host h;
        auto one = [&] {
            const py::gil_scoped_release waiting;
            auto opened = h.greeted_client();
            opened.run("import threading");
            opened.send("exit()\n");
            opened.read_to_end();
            return opened;
        }();
        run(h, "1");
    }
    py::finalize_interpreter();
    return 0;
}

HOST_PROGRAM(finalizes_and_starts_again) {
    for (int i = 0; i < 3; ++i) {
        const py::scoped_interpreter python;
        const host h;
        if (run(h, "6 * 7") != "42\n") {
            return 1;
        }
    }
    return 0;
}

/// Python ends while a server is there, and clients do what the test says.
int finalize_with_clients(const std::vector<std::string>& commands, std::chrono::milliseconds limit) {
    py::initialize_interpreter();
    options choices;
    choices.shutdown_limit = limit;
    host h{{}, choices};
    std::vector<client> all;
    {
        const py::gil_scoped_release waiting;
        for (const auto& command : commands) {
            all.push_back(h.greeted_client());
            all.back().run("import time, threading; lock = threading.Lock(); held = lock.acquire()");
            all.back().send("print('begun'); " + command + "\n");
            all.back().read_until("begun\n");
        }
    }
    const auto begin = clock::now();
    py::finalize_interpreter();
    const bool in_time = clock::now() - begin < limit + 5s;
    // What comes later is told so.
    auto late = h.greeted_client();
    late.send("1\n");
    const bool told = late.read_to_end().find("Python has ended") != std::string::npos;
    for (auto& one : all) {
        one.read_to_end();
    }
    h.door.stop();
    return check(in_time && told);
}

HOST_PROGRAM(finalizes_while_clients_wait) { return finalize_with_clients({"1", "input()"}, 20s); }

HOST_PROGRAM(finalizes_while_commands_run) {
    return finalize_with_clients({"exec('while True: x = 1')", "exec('while True: print(1)')"}, 20s);
}

HOST_PROGRAM(finalizes_while_commands_block) {
    return finalize_with_clients({"lock.acquire()", "time.sleep(60)"}, 200ms);
}

HOST_PROGRAM(finalizes_while_an_audit_hook_sleeps) {
    py::initialize_interpreter();
    std::atomic<bool> begun{false};
    locals names;
    names.function("begun", [&] { begun = true; });
    options choices;
    choices.shutdown_limit = 200ms;
    host h{names, choices};
    {
        const py::gil_scoped_release waiting;
        auto one = h.greeted_client();
        one.run("import sys, time");
        one.send("def hook(event, args):\n"
                 "    if event == 'backdoor.connect': begun(); time.sleep(60)\n\n");
        one.greeted();
        one.run("sys.addaudithook(hook)");
        const auto two = h.greeted_client();
        eventually([&] { return begun.load(); });
    }
    const auto begin = clock::now();
    py::finalize_interpreter();
    h.door.stop();
    std::quick_exit(check(clock::now() - begin < choices.shutdown_limit + 5s));
}

HOST_PROGRAM(finalizes_over_a_command_left_behind) {
    py::initialize_interpreter();
    options choices;
    choices.shutdown_limit = 200ms;
    host h{{}, choices};
    {
        const py::gil_scoped_release waiting;
        auto one = h.greeted_client();
        one.run("import time");
        one.send("print('begun'); time.sleep(1)\n");
        one.read_until("begun\n");
        one.send("\x03");
        one.read_until(prompt);
    }
    py::finalize_interpreter();
    h.door.stop();
    // The sleep returns meanwhile, and finds no Python.
    std::this_thread::sleep_for(1500ms);
    return 0;
}

HOST_PROGRAM(finalizes_and_exits_on_other_threads) {
    py::initialize_interpreter();
    static std::optional<host> h;
    h.emplace();
    {
        const py::gil_scoped_release waiting;
        std::thread{[] {
            auto one = h->greeted_client();
            one.run("1");
            one.send("exec('while True: x = 1')\n");
        }}.join();
    }
    py::finalize_interpreter();
    std::thread{[] { std::exit(0); }}.join();
    return 1;
}

HOST_PROGRAM(finalizes_twice_with_a_server_each) {
    for (int i = 0; i < 3; ++i) {
        py::initialize_interpreter();
        options choices;
        choices.shutdown_limit = 20s;
        host h{{}, choices};
        {
            const py::gil_scoped_release waiting;
            auto one = h.greeted_client();
            if (one.run("6 * 7") != "42\n") {
                return 1;
            }
            one.send("print('begun'); exec('while True: x = 1')\n");
            one.read_until("begun\n");
        }
        py::finalize_interpreter();
    }
    return 0;
}

HOST_PROGRAM(gives_a_dict) {
    const py::scoped_interpreter python;
    py::dict names;
    names["answer"] = 42;
    const host h{names};
    names["later"] = "seen";
    return check(run(h, "answer, later") == "(42, 'seen')\n" && run(h, "answer = 1") == "" &&
                 names["answer"].cast<int>() == 42);
}

HOST_PROGRAM(shares_a_dict) {
    const py::scoped_interpreter python;
    py::dict names;
    names["answer"] = 42;
    options choices;
    choices.share_locals = true;
    const host h{names, choices};
    return check(run(h, "answer = 1") == "" && names["answer"].cast<int>() == 1);
}

HOST_PROGRAM(gives_what_is_no_dict) {
    const py::scoped_interpreter python;
    try {
        const locals names{py::list{}.ptr()};
    } catch (const error& refused) {
        return check(refused.what() == std::string{"backdoor: locals must be a dict"});
    }
    return 1;
}

HOST_PROGRAM(lends_its_asyncio_loop) {
    const py::scoped_interpreter python;
    const auto loop = py::module_::import("asyncio").attr("new_event_loop")();
    py::dict names;
    names["loop"] = loop;
    options choices;
    choices.loop = loop;
    const host h{names, choices};
    bool right = false;
    std::jthread user{[&] {
        auto one = h.greeted_client();
        one.run("import asyncio");
        right = one.run("await asyncio.sleep(0, asyncio.get_running_loop() is loop)") == "True\n" &&
                one.run("turn(asyncio.get_running_loop) is loop") == "True\n";
        one.run("loop.call_soon_threadsafe(loop.stop)");
    }};
    loop.attr("run_forever")();
    {
        const py::gil_scoped_release waiting;
        user.join();
    }
    return check(right);
}

HOST_PROGRAM(prints_while_a_console_is_open) {
    const py::scoped_interpreter python;
    const py::dict scope;
    py::exec("import io, sys; mine = sys.stdout = io.StringIO()", scope);
    const host h;
    client one{h.door.address()};
    {
        const py::gil_scoped_release waiting;
        one.greeted();
        one.run("1");
    }
    py::exec("print('of the application')", scope);
    const bool written =
        py::eval("mine.getvalue()", scope).cast<std::string>() == "of the application\n";
    const py::gil_scoped_release waiting;
    return check(written && one.run("'of the console'") == "'of the console'\n");
}

HOST_PROGRAM(compares_python_before_and_after) {
    const py::scoped_interpreter python;
    const py::dict scope;
    py::exec("import sys, signal, threading\n"
             "def look(): return [sys.stdin, sys.stdout, sys.stderr, sys.displayhook,\n"
             "    sys.excepthook, type(sys), signal.getsignal(signal.SIGINT),\n"
             "    sys.breakpointhook, threading.main_thread(), set(vars(sys)),\n"
             "    threading.active_count()]\n"
             "before = look()",
             scope);
    {
        const host h;
        run(h, "import threading, sys; threading.current_thread(); sys.stdout = None");
    }
    py::exec("changed = [pair for pair in zip(before, look()) if pair[0] != pair[1]]\n"
             "if changed: print('changed:', changed)",
             scope);
    return check(!py::eval("bool(changed)", scope).cast<bool>());
}

class host_with_python : public testing::TestWithParam<const char*> {};

TEST_P(host_with_python, goes_well) { EXPECT_EQ(child{GetParam()}.wait(60s), 0); }

INSTANTIATE_TEST_SUITE_P(
    that, host_with_python,
    testing::Values("finalizes_while_clients_wait", "finalizes_while_commands_run",
                    "finalizes_while_commands_block", "finalizes_while_an_audit_hook_sleeps",
                    "finalizes_over_a_command_left_behind",
                    "finalizes_and_exits_on_other_threads", "finalizes_twice_with_a_server_each",
                    "holds_the_gil_at_both_ends", "holds_the_gil_at_neither_end",
                    "stops_with_the_gil_while_a_command_runs", "finalizes_right_after_clients_left",
                    "finalizes_and_starts_again", "gives_a_dict", "shares_a_dict",
                    "gives_what_is_no_dict", "lends_its_asyncio_loop",
                    "prints_while_a_console_is_open", "compares_python_before_and_after"),
    [](const auto& instance) { return std::string{instance.param}; });

}  // namespace
}  // namespace backdoor::test
