// consoles() and here() at the prompt.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

class console_list : public testing::Test {
protected:
    const host h;
    client a{h.greeted_client()};
    client b{h.greeted_client()};

    /// Starts a command in b, and waits until consoles() in a shows it.
    void run_in_b(const std::string& command) {
        b.send(command + "\n");
        EXPECT_TRUE(eventually([&] {
            return a.run("consoles()[1].command") == "'" + command + "'\n";
        }));
    }
};

TEST_F(console_list, tells_who_is_there_and_what_runs) {
    a.run("import time, datetime");
    EXPECT_EQ(a.run("len(consoles()), consoles()[1].command, consoles()[1].seconds"),
              "(2, None, None)\n");
    EXPECT_EQ(a.run("consoles()[0].command"), "'consoles()[0].command'\n");
    EXPECT_EQ(a.run("consoles()[1].peer.startswith('127.0.0.1:')"), "True\n");
    EXPECT_EQ(a.run("consoles()[1].number - consoles()[0].number"), "1\n");
    EXPECT_EQ(a.run("datetime.datetime.now() - consoles()[1].since < datetime.timedelta(minutes=2)"),
              "True\n");
    EXPECT_NE(a.run("consoles()[1]").find("at its prompt>"), std::string::npos);
    run_in_b("input()");
    EXPECT_EQ(a.run("0 <= consoles()[1].seconds < 60"), "True\n");
    EXPECT_NE(a.run("consoles()").find("runs 'input()' for "), std::string::npos);
}

TEST_F(console_list, knows_those_of_other_servers) {
    const host other;
    const auto c = other.greeted_client();
    EXPECT_EQ(a.run("len(consoles())"), "3\n");
}

TEST_F(console_list, interrupts_another) {
    b.send("exec('while True: pass')\n");
    EXPECT_TRUE(eventually([&] { return a.run("consoles()[1].command is None") == "False\n"; }));
    EXPECT_EQ(a.run("consoles()[1].interrupt()"), "");
    EXPECT_NE(b.read_until(prompt).find("KeyboardInterrupt\n"), std::string::npos);
    EXPECT_EQ(b.run("'alive'"), "'alive'\n");
}

TEST_F(console_list, closes_another) {
    a.run("gone = consoles()[1]; gone.close()");
    b.read_to_end();
    EXPECT_EQ(a.run("len(consoles())"), "1\n");
    EXPECT_NE(a.run("gone.interrupt()").find("RuntimeError: console "), std::string::npos);
}

TEST_F(console_list, may_close_its_own_console) {
    a.send("consoles()[0].close()\n");
    a.read_to_end();
    EXPECT_EQ(b.run("len(consoles())"), "1\n");
}

TEST_F(console_list, shows_what_was_left_behind_until_it_ends) {
    a.run("import threading; lock = threading.Lock(); held = lock.acquire()");
    a.send("lock.acquire()\n");
    // An interrupt that overtakes the line would drop it.
    EXPECT_TRUE(eventually([&] {
        return b.run("consoles()[0].command") == "'lock.acquire()'\n";
    }));
    a.send("\x03");
    a.read_until(prompt);
    EXPECT_EQ(a.run("left = consoles()[-1]; left.left_behind, left.command"),
              "(True, 'lock.acquire()')\n");
    EXPECT_NE(a.run("left").find("<left behind by console "), std::string::npos);
    EXPECT_NE(a.run("left.interrupt()").find("RuntimeError: this command was left behind"),
              std::string::npos);
    EXPECT_EQ(a.run("lock.release()"), "");
    EXPECT_TRUE(eventually([&] { return a.run("consoles()[-1].left_behind") == "False\n"; }));
}

TEST_F(console_list, is_a_list_of_one_where_nobody_else_is) {
    b.close();
    EXPECT_TRUE(eventually([&] { return a.run("len(consoles())") == "1\n"; }));
}

// ---- here() -----------------------------------------------------------------------------------

using here_function = console_list;

TEST_F(here_function, brings_what_a_thread_prints) {
    a.run("import threading");
    EXPECT_EQ(a.run("t = threading.Thread(target=here(lambda: print('of a'))); t.start(); t.join()"),
              "of a\n");
}

TEST_F(here_function, gives_results_and_exceptions) {
    EXPECT_EQ(a.run("here(divmod)(7, 2)"), "(3, 1)\n");
    EXPECT_NE(a.run("here(divmod)(7, 0)").find("ZeroDivisionError"), std::string::npos);
    EXPECT_NE(a.run("here(1)").find("TypeError: here(f): f must be callable, not 1"),
              std::string::npos);
}

TEST_F(here_function, belongs_to_the_console_in_which_it_was_called) {
    a.run("import builtins; builtins.shared_by_test = here(lambda: print('for a'))");
    EXPECT_EQ(b.run("shared_by_test()"), "");
    EXPECT_EQ(a.run("1"), "for a\n1\n");
    a.run("del builtins.shared_by_test");
}

TEST_F(here_function, prints_nowhere_when_its_console_is_over) {
    b.run("import builtins; builtins.shared_by_test = here(lambda: print('for b') or 'result')");
    b.send("exit()\n");
    b.read_to_end();
    EXPECT_TRUE(eventually([&] { return a.run("shared_by_test()") == "'result'\n"; }));
    a.run("import builtins; del builtins.shared_by_test");
}

}  // namespace
}  // namespace backdoor::test
