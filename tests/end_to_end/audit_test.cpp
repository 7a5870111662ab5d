// Who came, what was run: before it runs, and completely.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "support/child.hpp"
#include "support/host.hpp"

namespace backdoor::test {
namespace {

using kind = audit_event::kind;

/// Events as "command: 1 + 1".
class event_book {
public:
    std::function<void(const audit_event&)> writer() {
        return [this](const audit_event& event) {
            const std::lock_guard guard{mutex_};
            events_.push_back(std::string{name_of(event.what)} +
                              (event.text.empty() ? "" : ": ") + std::string{event.text});
            users_.emplace_back(event.user);
        };
    }

    std::vector<std::string> events() const {
        const std::lock_guard guard{mutex_};
        return events_;
    }
    std::vector<std::string> users() const {
        const std::lock_guard guard{mutex_};
        return users_;
    }
    bool wait_for(const std::string& event) const {
        return eventually([&] {
            const auto all = events();
            return std::find(all.begin(), all.end(), event) != all.end();
        });
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> events_;
    std::vector<std::string> users_;
};

struct audited_host {
    explicit audited_host(options choices = {}) : h{{}, with(std::move(choices)), "127.0.0.1:0"} {}

    options with(options choices) {
        choices.audit = book.writer();
        return choices;
    }

    event_book book;
    host h;
};

TEST(audit, has_a_session_from_its_beginning_to_its_end) {
    audited_host a;
    auto one = a.h.greeted_client();
    one.run("1 + 1");
    one.run("1 / 0");
    one.run("1 +* 2");
    one.send("exit()\n");
    one.read_to_end();
    EXPECT_TRUE(a.book.wait_for("disconnect"));
    a.h.door.stop();
    EXPECT_EQ(a.book.events(),
              (std::vector<std::string>{"listen", "connect", "command: 1 + 1", "result: ok",
                                        "command: 1 / 0", "result: ZeroDivisionError",
                                        "command: 1 +* 2", "result: SyntaxError", "command: exit()",
                                        "result: SystemExit", "disconnect", "stop"}));
    EXPECT_EQ(a.book.users().at(1), "uid " + std::to_string(geteuid()));
}

TEST(audit, has_a_compound_statement_as_it_was_typed) {
    audited_host a;
    auto one = a.h.greeted_client();
    one.send("for i in range(2):\n    i\n\n");
    EXPECT_TRUE(a.book.wait_for("command: for i in range(2):\n    i"));
}

TEST(audit, has_a_command_before_it_runs) {
    const scratch_directory scratch;
    options choices;
    choices.audit_log = scratch / "log";
    const host h{{}, choices};
    auto one = h.greeted_client();
    const auto seen = one.run("print('print(' in open('" + choices.audit_log + "').read())");
    EXPECT_EQ(seen, "True\n");
    EXPECT_NE(one.run("print(open('" + choices.audit_log + "').read())").find(R"("event":"connect")"),
              std::string::npos);
}

TEST(audit, has_an_interrupt_and_what_was_left_behind) {
    audited_host a;
    auto one = a.h.greeted_client();
    one.send("import time; time.sleep(0.5)\n");
    EXPECT_TRUE(a.book.wait_for("command: import time; time.sleep(0.5)"));
    one.send("\x03");
    EXPECT_TRUE(a.book.wait_for("interrupt"));
    EXPECT_TRUE(a.book.wait_for("result: left behind"));
    one.greeted();
    one.run("time.sleep(0.6)");  // until that has ended, too
}

TEST(audit, has_an_interrupt_that_was_nobodys_key) {
    options choices;
    choices.command_limit = 100ms;
    audited_host a{choices};
    auto one = a.h.greeted_client();
    one.send("while True: pass\n\n");
    EXPECT_TRUE(a.book.wait_for("interrupt: options.command_limit"));
    EXPECT_TRUE(a.book.wait_for("result: KeyboardInterrupt"));
    audited_host b;
    auto busy = b.h.greeted_client();
    busy.send("while True: pass\n\n");
    EXPECT_TRUE(b.book.wait_for("command: while True: pass"));
    b.h.greeted_client().run("[c.interrupt() for c in consoles() if c.command and 'while' in c.command]");
    EXPECT_TRUE(b.book.wait_for("interrupt"));
    EXPECT_TRUE(b.book.wait_for("result: KeyboardInterrupt"));
}

TEST(audit, has_why_a_client_was_closed) {
    options choices;
    choices.idle_limit = 100ms;
    audited_host a{choices};
    const auto idle = a.h.greeted_client();
    EXPECT_TRUE(a.book.wait_for("disconnect: nothing was typed for 100 ms (options.idle_limit)"));
}

TEST(audit, has_who_took_no_prompt_and_a_wrong_token) {
    options choices;
    choices.token = "0123456789abcdef";
    audited_host a{choices};
    client wrong{a.h.door.address()};
    wrong.send("guess\n");
    EXPECT_TRUE(a.book.wait_for("refuse: wrong token"));
    client right{a.h.door.address()};
    right.send(choices.token + "\n");
    right.greeted();
    EXPECT_TRUE(a.book.wait_for("login: token"));
    for (const auto& event : a.book.events()) {
        EXPECT_EQ(event.find("guess"), std::string::npos);
        EXPECT_EQ(event.find(choices.token), std::string::npos);
    }
}

TEST(audit, is_of_consoles_without_a_server_too) {
    event_book book;
    log_book log;
    auto choices = logging_to(log);
    choices.audit = book.writer();
    auto [ours, its] = tcp_pair();
    backdoor(connection{std::move(ours)}, {}, choices);
    client one{std::move(its)};
    one.greeted();
    one.run("1 + 1");
    one.half_close();
    EXPECT_TRUE(book.wait_for("disconnect"));
    EXPECT_EQ(book.events(), (std::vector<std::string>{"listen", "connect", "command: 1 + 1",
                                                       "result: ok", "disconnect"}));
}

TEST(audit, has_an_overrun_turn) {
    options choices;
    choices.executor = executor{[](const executor::work& work) { std::thread{work}.detach(); }};
    choices.turn_budget = 10ms;
    audited_host a{choices};
    auto one = a.h.greeted_client();
    one.send("with turn():\n while True: pass\n\n");
    EXPECT_TRUE(a.book.wait_for("overrun"));
    EXPECT_TRUE(a.book.wait_for("result: TurnOverrun"));
}

TEST(audit, has_who_was_turned_away_and_why) {
    audited_host a;
    client browser{a.h.door.address()};
    browser.send("POST / HTTP/1.1\r\nHost: localhost\r\n\r\nimport os\r\n");
    browser.read_to_end();
    EXPECT_TRUE(a.book.wait_for("refuse: it speaks HTTP"));
    EXPECT_TRUE(a.book.wait_for("disconnect"));
    for (const auto& event : a.book.events()) {
        EXPECT_FALSE(event.starts_with("command")) << event;
    }
}

TEST(audit, has_nothing_that_code_reads_by_itself) {
    const scratch_directory scratch;
    options choices;
    choices.audit_log = scratch / "log";
    const host h{{}, choices};
    auto one = h.greeted_client();
    one.run("import getpass, sys");
    one.send("secret = getpass.fallback_getpass('Password: ', sys.stderr)\n");
    one.read_until("Password: ");
    EXPECT_EQ(one.run("hunter2"), "");
    one.send("other = input('PIN: ')\n");
    one.read_until("PIN: ");
    EXPECT_EQ(one.run("314159"), "");
    EXPECT_EQ(one.run("len(secret), other[::-1]"), "(7, '951413')\n");
    std::ifstream file{choices.audit_log};
    const std::string log{std::istreambuf_iterator{file}, {}};
    EXPECT_NE(log.find("getpass.fallback_getpass"), std::string::npos);
    EXPECT_EQ(log.find("hunter2"), std::string::npos);
    EXPECT_EQ(log.find("314159"), std::string::npos);
}

// ---- required ---------------------------------------------------------------------------------

TEST(required_audit, lets_no_server_start_that_cannot_record) {
    options choices;
    choices.audit_log = "/nonexistent/log";
    choices.audit_required = true;
    try {
        const host h{{}, choices};
        FAIL() << "has started";
    } catch (const error& refused) {
        EXPECT_STREQ(refused.what(),
                     "backdoor: cannot write the audit log /nonexistent/log: No such file or "
                     "directory (options.audit_required)");
    }
}

/// Fails while it is told to.
struct fragile_book {
    std::atomic<bool> broken{false};
    options choices() {
        options o;
        o.audit_required = true;
        o.audit = [this](const audit_event&) {
            if (broken) {
                throw std::runtime_error{"out of paper"};
            }
        };
        return o;
    }
};

TEST(required_audit, runs_no_command_that_it_cannot_record) {
    fragile_book book;
    const host h{{}, book.choices()};
    auto one = h.greeted_client();
    one.run("x = 1");
    book.broken = true;
    EXPECT_NE(one.run("x = 2").find("PermissionError: not run: out of paper (options.audit_required)"),
              std::string::npos);
    book.broken = false;
    EXPECT_EQ(one.run("x"), "1\n");
}

TEST(required_audit, lets_nobody_in_whom_it_cannot_record) {
    fragile_book book;
    const host h{{}, book.choices()};
    book.broken = true;
    EXPECT_EQ(client{h.door.address()}.read_to_end(),
              "backdoor: out of paper (options.audit_required)\n");
}

TEST(required_audit, logs_nobody_in_whom_it_cannot_record) {
    fragile_book book;
    auto choices = book.choices();
    choices.token = "0123456789abcdef";
    const host h{{}, choices};
    client one{h.door.address()};
    one.read_until("token: ");
    book.broken = true;
    one.send(choices.token + "\n1 + 1\n");
    EXPECT_EQ(one.read_to_end(), "\nbackdoor: closed: out of paper (options.audit_required)\n");
}

HOST_PROGRAM(is_killed_by_a_command) {
    const scratch_directory scratch;
    options choices;
    choices.audit_log = scratch / "audit";
    tell(choices.audit_log);
    const host h{{}, choices};
    tell(h.door.address());
    ask();
    return 0;
}

TEST(audit, has_the_command_that_ended_the_process) {
    for (const std::string command : {"import os; os.abort()", "import ctypes; ctypes.string_at(0)"}) {
        child program{"is_killed_by_a_command"};
        const auto path = program.told();
        auto one = program.greeted_client();
        one.send(command + "\n");
        EXPECT_NE(program.wait(), 0);
        std::ifstream file{path};
        const std::string all{std::istreambuf_iterator{file}, {}};
        EXPECT_NE(all.find("\"event\":\"command\""), std::string::npos) << all;
        EXPECT_NE(all.find(command), std::string::npos) << all;
        std::filesystem::remove_all(std::filesystem::path{path}.parent_path());
    }
}

// ---- Python's hooks ---------------------------------------------------------------------------

TEST(audit_hooks, see_all_that_happens_to_a_session) {
    options choices;
    choices.executor = executor{[](const executor::work& work) { std::thread{work}.detach(); }};
    choices.turn_budget = 10ms;
    choices.token = "0123456789abcdef";
    const host h{{}, choices};
    const auto enter = [&] {
        client one{h.door.address()};
        one.send(choices.token + "\n");
        one.greeted();
        return one;
    };
    auto watcher = enter();
    watcher.run("import sys; seen = set()");
    watcher.send("def hook(event, args):\n"
                 "    if event.startswith('backdoor.'): seen.add(event[9:])\n\n");
    watcher.greeted();
    watcher.run("sys.addaudithook(hook)");
    client wrong{h.door.address()};
    wrong.send("guess\n");
    auto other = enter();
    other.send("with turn():\n while True: pass\n\n");
    other.read_until("TurnOverrun");
    other.send("\x03");
    other.half_close();
    other.read_to_end();
    EXPECT_TRUE(eventually([&] {
        return watcher.run("sorted(seen)") == "['command', 'connect', 'disconnect', 'interrupt', "
                                              "'login', 'overrun', 'refuse', 'result']\n";
    })) << watcher.run("sorted(seen)");
}

TEST(audit_hooks, see_commands_and_may_refuse_them) {
    const host h;
    auto one = h.greeted_client();
    one.run("import sys; seen = []");
    one.send("def hook(event, args):\n"
             "    if event == 'backdoor.command' and 'forbidden' in args[3]: raise RuntimeError('no')\n"
             "    if event.startswith('backdoor.'): seen.append((event, args[3]))\n\n");
    one.greeted();
    one.run("sys.addaudithook(hook)");
    EXPECT_NE(one.run("forbidden = 1").find("RuntimeError: no"), std::string::npos);
    EXPECT_NE(one.run("forbidden").find("RuntimeError: no"), std::string::npos);
    EXPECT_EQ(one.run("'forbid' + 'den' in globals()"), "False\n");
    EXPECT_NE(one.run("seen").find("('backdoor.command', 'seen')"), std::string::npos);
    client other{h.door.address()};
    other.greeted();
    EXPECT_TRUE(eventually([&] {
        return one.run("seen").find("('backdoor.connect', '')") != std::string::npos;
    }));
}

// What docs/security.md gives to those who want a second person's word.
TEST(audit_hooks, may_wait_for_a_second_person) {
    std::atomic<int> calls = 0;
    locals names;
    names.function("cancel_all", [&] { return ++calls; });
    const host h{names};
    auto second = h.greeted_client();
    second.run("import sys, threading; waiting, approved = [], threading.Event()");
    second.send("def two_persons(event, args):\n"
                "    if event == 'backdoor.command' and 'cancel_all' in args[3]:\n"
                "        approved.clear()\n"
                "        waiting.append(args[3])\n"
                "        if not approved.wait(60): raise PermissionError('nobody has approved it')\n\n");
    second.greeted();
    second.run("sys.addaudithook(two_persons)");
    auto first = h.greeted_client();
    first.send("cancel_all()\n");
    EXPECT_TRUE(eventually([&] { return second.run("waiting") == "['cancel_all()']\n"; }));
    EXPECT_EQ(calls, 0);
    second.run("approved.set()");
    EXPECT_EQ(first.read_before(prompt), "1\n");
    EXPECT_EQ(calls, 1);
    // Python keeps a hook for good: this one asks nobody any more.
    second.run("two_persons.__code__ = (lambda event, args: None).__code__");
}

// In a process of its own, since hooks stay.
HOST_PROGRAM(has_a_hook_that_sleeps) {
    std::atomic<bool> sleeps{false};
    locals names;
    names.function("sleeps", [&] { sleeps = true; });
    const host h{names};
    auto one = h.greeted_client();
    one.run("import sys, time");
    one.send("def hook(event, args):\n"
             "    if event == 'backdoor.connect': sleeps(); time.sleep(600)\n\n");
    one.greeted();
    one.run("sys.addaudithook(hook)");
    auto two = h.greeted_client();
    if (!eventually([&] { return sleeps.load(); })) {
        std::quick_exit(1);
    }
    two.send("print('begun'); exec('while True: pass')\n");
    two.read_until("begun\n");
    two.send("\x03");
    two.read_until("KeyboardInterrupt\n>>> ");
    std::quick_exit(0);
}

TEST(audit_hook, that_sleeps_delays_no_interrupt) {
    EXPECT_EQ(child{"has_a_hook_that_sleeps"}.wait(2 * patience), 0);
}

}  // namespace
}  // namespace backdoor::test
