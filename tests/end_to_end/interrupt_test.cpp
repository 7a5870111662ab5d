// Ctrl-C, as a byte and as telnet's Interrupt Process; and clients that vanish.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>

#include "support/child.hpp"
#include "support/host.hpp"

namespace backdoor::test {
namespace {

constexpr std::string_view interrupted = "\nKeyboardInterrupt\n>>> ";
constexpr std::string_view traceback =
    "Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\n"
    "KeyboardInterrupt\n";

class interrupt : public testing::TestWithParam<std::string> {
protected:
    void press() { one.send(GetParam()); }
    /// Returns when its command computes. The line that ends the statement has been read by then: an
    /// interrupt drops what has not.
    void compute(std::string_view behind = {}) {
        one.run("n = 0");
        one.send("while n or print('begun') is None: n = 1\n\n" + std::string{behind});
        one.read_until("begun\n");
    }
    /// A telnet client's prompts come with telnet's line ends, and its answers in between.
    static std::string plain(std::string text) {
        std::erase(text, '\r');
        if (const auto mark = text.find('\xff'); mark != std::string::npos) {
            text.erase(mark, 3);
        }
        return text;
    }

    const host h;
    client one{h.greeted_client()};
};

TEST_P(interrupt, at_the_prompt_drops_the_line_that_was_begun) {
    EXPECT_EQ(one.run("1"), "1\n");
    one.send("1 / 0");
    press();
    EXPECT_EQ(plain(one.read_until(prompt)), interrupted);
    one.send("2\n");
    EXPECT_EQ(plain(one.read_until(prompt)), "2\n>>> ");
}

TEST_P(interrupt, at_the_first_prompt_shows_another) {
    press();
    EXPECT_EQ(plain(one.read_until(prompt)), interrupted);
    one.send("2\n");
    EXPECT_EQ(plain(one.read_until(prompt)), "2\n>>> ");
}

TEST_P(interrupt, at_the_second_prompt_drops_the_statement) {
    one.send("if True:\n");
    one.read_until("... ");
    press();
    EXPECT_EQ(plain(one.read_until(prompt)), interrupted);
    one.send("'alive'\n");
    EXPECT_EQ(plain(one.read_until(prompt)), "'alive'\n>>> ");
}

TEST_P(interrupt, ends_a_command_that_computes) {
    compute();
    press();
    const auto shown = plain(one.read_until(prompt));
    EXPECT_EQ(shown, std::string{traceback} + ">>> ");
    one.send("'alive'\n");
    EXPECT_EQ(plain(one.read_until(prompt)), "'alive'\n>>> ");
}

TEST_P(interrupt, ends_input) {
    one.send("input('name? ')\n");
    EXPECT_EQ(plain(one.read_until("name? ")), "name? ");
    press();
    const auto shown = plain(one.read_until(prompt));
    EXPECT_NE(shown.find("KeyboardInterrupt\n>>> "), std::string::npos) << shown;
    one.send("'alive'\n");
    EXPECT_EQ(plain(one.read_until(prompt)), "'alive'\n>>> ");
}

TEST_P(interrupt, drops_the_lines_that_wait) {
    compute("print('next')\n");
    press();
    EXPECT_EQ(plain(one.read_until(prompt)), std::string{traceback} + ">>> ");
    one.send("'alive'\n");
    EXPECT_EQ(plain(one.read_until(prompt)), "'alive'\n>>> ");
}

TEST_P(interrupt, ends_a_command_whose_output_nobody_takes) {
    one.send("while True: print('x' * 1000)\n\n");
    one.read_until("xxx\n");
    press();
    one.read_until("KeyboardInterrupt");
    one.read_until(prompt);
    one.send("'alive'\n");
    EXPECT_EQ(plain(one.read_until(prompt)), "'alive'\n>>> ");
}

TEST_P(interrupt, keeps_what_is_typed_behind_it) {
    compute();
    one.send(GetParam() + "'alive'\n");
    EXPECT_EQ(plain(one.read_until(prompt)), std::string{traceback} + ">>> ");
    EXPECT_EQ(plain(one.read_until(prompt)), "'alive'\n>>> ");
}

TEST_P(interrupt, is_answered_once_whenever_it_comes) {
    for (int i = 0; i < 300; ++i) {
        const auto mark = "'behind " + std::to_string(i) + "'\n";
        one.send("for n in range(" + std::to_string(i * 53 % 2000) + "): x = n\n\n");
        one.read_until("... ");
        one.send(GetParam() + mark);
        auto shown = one.read_until(mark.substr(0, mark.size() - 1));
        const auto answer = shown.find("KeyboardInterrupt");
        ASSERT_NE(answer, std::string::npos) << shown;
        EXPECT_EQ(shown.find("KeyboardInterrupt", answer + 1), std::string::npos) << shown;
    }
}

TEST_P(interrupt, may_be_caught) {
    // Not `pass`: in such a loop CPython 3.11 catches nothing.
    one.send("try:\n    print('begun')\n    while True: x = 1\n"
             "except KeyboardInterrupt:\n    'caught'\n\n");
    one.read_until("begun\n");
    press();
    EXPECT_EQ(plain(one.read_until(prompt)), "'caught'\n>>> ");
}

INSTANTIATE_TEST_SUITE_P(
    as, interrupt, testing::Values("\x03", "\xff\xf4"),
    [](const auto& instance) { return instance.param == "\x03" ? "ctrl_c" : "telnets_ip"; });

TEST(interrupted_call, that_cannot_be_broken_off_is_left_behind) {
    const host h;
    auto one = h.greeted_client();
    one.run("import threading; lock = threading.Lock(); held = lock.acquire()");
    one.send("lock.acquire()\n");
    one.send("\x03");
    const auto shown = one.read_until(prompt);
    EXPECT_NE(shown.find("KeyboardInterrupt"), std::string::npos) << shown;
    EXPECT_EQ(one.run("lock.release(); 'alive'"), "'alive'\n");
}

// In a process of its own, which takes the threads with it.
HOST_PROGRAM(has_threads_that_compute) {
    const host h;
    tell(h.door.address());
    ask();
    std::quick_exit(0);
}

TEST(interrupted_command_that_computes, is_not_left_behind_where_it_has_to_wait_for_its_turn) {
    child program{"has_threads_that_compute"};
    auto one = program.greeted_client();
    one.run("import threading");
    one.run("def compute():\n    while True: n = 1\n");
    // Each has the GIL for 5 ms.
    one.run("for i in range(20): threading.Thread(target=compute, daemon=True).start()\n");
    one.send("exec('print(\"begun\")\\nwhile True: x = 1')\n");
    one.read_until("begun\n");
    one.send("\x03");
    const auto shown = one.read_until(prompt);
    EXPECT_NE(shown.find("KeyboardInterrupt\n>>> "), std::string::npos) << shown;
    EXPECT_EQ(shown.find("left behind"), std::string::npos) << shown;
}

// ---- whatever it does -----------------------------------------------------------------------------

struct command {
    const char* name;
    const char* preparation;
    const char* source;  // prints `begun` first
    int presses = 1;
    const char* end = "1";  // waits for what was left behind, where the process must not end before it
};

class interrupted_command : public testing::TestWithParam<command> {};

TEST_P(interrupted_command, gives_the_prompt_back_to_its_console_alone) {
    const host h;
    auto other = h.greeted_client();
    other.run("import time");
    other.send("print('begun'); exec('while not time.sleep(.001): n = 1')\n");
    other.read_until("begun\n");
    auto one = h.greeted_client();
    one.run(GetParam().preparation);
    one.run("x = 'kept'");
    one.send(std::string{GetParam().source} + "\n");
    one.read_until("begun");
    for (int i = 1; i < GetParam().presses; ++i) {
        one.send("\x03");
        one.read_until("again");
    }
    one.send("\x03");
    const auto shown = one.read_until(prompt);
    EXPECT_NE(shown.find("KeyboardInterrupt"), std::string::npos) << shown;
    EXPECT_EQ(one.run("x"), "'kept'\n");
    EXPECT_NE(one.run(GetParam().end), "");
    EXPECT_EQ(other.read_for(20ms), "");
    other.send("\x03");
    EXPECT_NE(other.read_until(prompt).find("KeyboardInterrupt"), std::string::npos);
}

constexpr const char* answers_everything = R"(exec('''print("begun")
while True:
    try:
        m = 0
        while True: n = 1
    except BaseException:
        print("again")
'''))";

// OpenSSL frees what its threads use when the process ends.
constexpr const char* wait_for_those_left_behind =
    "[time.sleep(.01) for more in iter(lambda: len(consoles()) > 2, False)]";

INSTANTIATE_TEST_SUITE_P(
    that, interrupted_command,
    testing::Values(
        command{"computes", "1", R"(print('begun'); exec('while True: pass'))"},
        command{"calls_itself", "f = lambda n: f(n - 1) if n else exec('while True: n = 1')",
                "print('begun'); f(200)"},
        command{"waits_for_a_line", "1", "input('begun')"},
        command{"sleeps", "import time", "print('begun'); time.sleep(60)"},
        command{"receives", "import socket; a, b = socket.socketpair()",
                "print('begun'); a.recv(1)"},
        command{"waits_for_a_queue", "import queue; q = queue.Queue()", "print('begun'); q.get()"},
        command{"waits_for_a_lock", "import threading; l = threading.Lock(); l.acquire()",
                "print('begun'); l.acquire()"},
        command{"waits_for_an_event", "import threading; e = threading.Event()",
                "print('begun'); e.wait()"},
        command{"waits_for_a_process", "import subprocess",
                "print('begun'); subprocess.run(['sleep', '10'])"},
        command{"computes_without_pythons_lock", "import hashlib, time",
                "print('begun'); hashlib.pbkdf2_hmac('sha256', b'', b'', 10 ** 6)", 1,
                wait_for_those_left_behind},
        command{"prints_without_end", "1",
                R"(print('begun'); exec('while True: print("x" * 1000)'))"},
        command{"answers_every_exception", "1", answers_everything, 3}),
    [](const auto& instance) { return std::string{instance.param.name}; });

TEST(debugger, gives_its_own_prompt_back) {
    const host h;
    auto one = h.greeted_client();
    one.send("import pdb; pdb.set_trace()\n");
    one.read_until("(Pdb) ");
    one.send("\x03");
    EXPECT_EQ(one.read_until("(Pdb) "), "--KeyboardInterrupt--\n(Pdb) ");
    one.send("q\n");
    one.read_until(prompt);
    EXPECT_EQ(one.run("6 * 7"), "42\n");
}

TEST(call_that_lets_nobody_else_use_python, is_told_of_and_ends_when_it_ends) {
    const host h;
    auto one = h.greeted_client();
    // Some seconds, on any machine.
    one.send("print('begun'); sum(range(10 ** 8))\n");
    one.read_until("begun\n");
    one.send("\x03");
    // In place of the result, or at the prompt behind it.
    const auto shown = one.read_until("KeyboardInterrupt\n>>> ", 100s);
    EXPECT_NE(shown.find("backdoor: print('begun'); sum(range(10 ** 8)) has run for "), std::string::npos)
        << shown;
    EXPECT_NE(shown.find("in a call that lets nobody else use Python; it is interrupted when that "
                         "call returns\n"),
              std::string::npos)
        << shown;
    EXPECT_EQ(one.run("6 * 7"), "42\n");
}

TEST(call_that_lets_nobody_else_use_python, is_told_of_to_others_that_want_it) {
    const host h;
    auto one = h.greeted_client();
    auto other = h.greeted_client();
    one.send("print('begun'); sum(range(10 ** 8))\n");
    one.read_until("begun\n");
    other.send("1\n");
    other.send("\x03'typed' ' behind'\n");
    const auto shown = other.read_until("'typed behind'\n", 100s);
    EXPECT_TRUE(shown.starts_with("backdoor: a call, of another console or of the application, lets nobody else "
                                  "use Python; this console is answered when it returns\n"))
        << shown;
    EXPECT_NE(shown.find("KeyboardInterrupt\n"), std::string::npos) << shown;
}

/// A function that tells when Python runs its `finally`.
struct ending {
    std::atomic<bool> begun{false};
    std::atomic<bool> ended{false};

    locals names() {
        locals all;
        all.function("begun", [this] { begun = true; });
        all.function("ended", [this] { ended = true; });
        return all;
    }
    void start_in(client& one) {
        one.send("try:\n    begun()\n    while True: pass\nfinally:\n    ended()\n\n");
        EXPECT_TRUE(eventually([this] { return begun.load(); }));
    }
};

TEST(client_that_vanishes, has_its_command_interrupted) {
    ending watch;
    const host h{watch.names()};
    auto one = h.greeted_client();
    watch.start_in(one);
    one.close();
    EXPECT_TRUE(eventually([&] { return watch.ended.load(); }));
}

TEST(client_that_vanishes, has_its_command_interrupted_after_a_crash) {
    ending watch;
    const host h{watch.names()};
    auto one = h.greeted_client();
    watch.start_in(one);
    one.reset();
    EXPECT_TRUE(eventually([&] { return watch.ended.load(); }));
}

TEST(client_that_vanishes, has_its_command_interrupted_on_a_unix_socket) {
    const scratch_directory scratch;
    ending watch;
    const host h{watch.names(), {}, scratch / "door"};
    auto one = h.greeted_client();
    watch.start_in(one);
    one.close();
    EXPECT_TRUE(eventually([&] { return watch.ended.load(); }));
}

// In a process of its own, of which nothing else can print.
HOST_PROGRAM(loses_clients_whose_commands_run) {
    testing::internal::CaptureStderr();
    for (int i = 0; i < 10; ++i) {
        ending watch;
        const host h{watch.names()};
        auto one = h.greeted_client();
        watch.start_in(one);
        one.close();
        eventually([&] { return watch.ended.load(); });
    }
    tell(std::to_string(testing::internal::GetCapturedStderr().size()));
    return 0;
}

TEST(client_that_vanishes, leaves_nothing_on_the_hosts_standard_error) {
    EXPECT_EQ(child{"loses_clients_whose_commands_run"}.told(), "0");
}

TEST(client_that_half_closes, keeps_its_command) {
    ending watch;
    const host h{watch.names()};
    auto one = h.greeted_client();
    watch.start_in(one);
    one.half_close();
    // Longer than the interval in which it is looked whether the client is gone.
    EXPECT_EQ(one.read_for(400ms).find("Interrupt"), std::string::npos);
    EXPECT_FALSE(watch.ended);
    one.close();
    EXPECT_TRUE(eventually([&] { return watch.ended.load(); }));
}

}  // namespace
}  // namespace backdoor::test
