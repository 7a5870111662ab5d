// sys.stdin, sys.stdout, sys.stderr and their like belong to one console alone.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

class consoles : public testing::Test {
protected:
    const host h;
    client a{h.greeted_client()};
    client b{h.greeted_client()};
};

TEST_F(consoles, have_their_own_underscore) {
    EXPECT_EQ(a.run("'of a'"), "'of a'\n");
    EXPECT_EQ(b.run("'of b'"), "'of b'\n");
    EXPECT_EQ(a.run("_"), "'of a'\n");
    EXPECT_EQ(a.run("import sys; '_' in vars(sys.modules['builtins'])"), "False\n");
}

TEST_F(consoles, have_their_own_names) {
    EXPECT_EQ(a.run("x = 1"), "");
    EXPECT_NE(b.run("x").find("NameError: name 'x' is not defined"), std::string::npos);
}

TEST_F(consoles, have_streams_that_io_knows) {
    a.run("import sys, io; i, o = sys.stdin, sys.stdout");
    EXPECT_EQ(a.run("isinstance(i, io.TextIOBase), isinstance(i.buffer, io.BufferedIOBase), "
                    "isinstance(i.buffer.raw, io.RawIOBase), isinstance(o.buffer, io.IOBase)"),
              "(True, True, True, True)\n");
}

TEST_F(consoles, have_their_own_prompts) {
    a.send("import sys; sys.ps1 = 'a> '\n");
    EXPECT_EQ(a.read_until("a> "), "a> ");
    EXPECT_EQ(b.run("import sys; len(sys.ps1)"), "4\n");
}

TEST_F(consoles, print_to_their_own_client_while_the_other_runs) {
    a.run("import time");
    b.run("import time");
    a.send("for i in range(50): print('a', i); time.sleep(.002)\n\n");
    b.send("for i in range(50): print('b', i); time.sleep(.002)\n\n");
    std::string of_a;
    std::string of_b;
    for (int i = 0; i < 50; ++i) {
        of_a += "a " + std::to_string(i) + "\n";
        of_b += "b " + std::to_string(i) + "\n";
    }
    EXPECT_EQ(a.read_until(prompt), "... " + of_a + ">>> ");
    EXPECT_EQ(b.read_until(prompt), "... " + of_b + ">>> ");
}

TEST_F(consoles, replace_their_stdout_for_themselves_alone) {
    a.run("import sys, io; mine = sys.stdout = io.StringIO()");
    EXPECT_EQ(a.run("print('hidden'); 1"), "");
    EXPECT_EQ(b.run("print('shown')"), "shown\n");
    EXPECT_EQ(a.run("sys.stdout = sys.__stdout__"), "");
    EXPECT_EQ(a.run("mine.getvalue()"), "'hidden\\n1\\n'\n");
}

TEST_F(consoles, leave_no_replaced_stdout_behind) {
    a.run("import sys, io; sys.stdout = sys.stderr = io.StringIO()");
    a.send("exit()\n");
    a.read_to_end();
    EXPECT_EQ(b.run("print('shown')"), "shown\n");
    EXPECT_EQ(h.greeted_client().run("print('shown')"), "shown\n");
}

TEST_F(consoles, have_their_own_display_hook) {
    a.run("import sys; sys.displayhook = lambda value: print('shown by a:', value)");
    EXPECT_EQ(a.run("1"), "shown by a: 1\n");
    EXPECT_EQ(b.run("1"), "1\n");
}

TEST_F(consoles, have_their_own_excepthook_and_last_error) {
    a.run("import sys; sys.excepthook = lambda *error: print('caught by a')");
    EXPECT_EQ(a.run("1 / 0"), "caught by a\n");
    EXPECT_NE(b.run("import sys; 1 / 0").find("ZeroDivisionError"), std::string::npos);
    b.run("{}['missing']");
    EXPECT_EQ(a.run("sys.last_type"), "<class 'ZeroDivisionError'>\n");
    EXPECT_EQ(b.run("sys.last_type"), "<class 'KeyError'>\n");
}

TEST_F(consoles, end_alone) {
    a.send("import sys; sys.exit(1)\n");
    EXPECT_EQ(a.read_to_end(), "");
    EXPECT_EQ(b.run("'alive'"), "'alive'\n");
    EXPECT_EQ(h.greeted_client().run("'alive'"), "'alive'\n");
}

TEST_F(consoles, do_not_get_what_threads_print) {
    testing::internal::CaptureStdout();
    a.run("import threading; t = threading.Thread(target=print, args=('from a thread',),"
          " kwargs={'flush': True})");
    EXPECT_EQ(a.run("t.start(); t.join()"), "");
    EXPECT_EQ(b.run("1"), "1\n");
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "from a thread\n");
}

TEST_F(consoles, print_errors_to_their_own_client) {
    EXPECT_EQ(a.run("import sys; n = sys.stderr.write('complaint\\n')"), "complaint\n");
    EXPECT_EQ(a.run("import warnings; warnings.warn('careful')").find("<stdin>:1: UserWarning"),
              0U);
    EXPECT_EQ(b.run("1"), "1\n");
}

TEST_F(consoles, get_their_own_warnings) {
    a.run("import warnings");
    const auto shown = a.run("warnings.warn('of a')");
    EXPECT_NE(shown.find("UserWarning: of a"), std::string::npos) << shown;
    EXPECT_EQ(b.run("1"), "1\n");
}

TEST_F(consoles, get_what_logging_has_no_handler_for) {
    a.run("import logging");
    EXPECT_EQ(a.run("logging.getLogger('x').warning('of a')"), "of a\n");
    EXPECT_EQ(b.run("1"), "1\n");
}

TEST_F(consoles, keep_their_last_exception_to_themselves) {
    a.run("import sys; 1 / 0");
    b.run("import sys");
    EXPECT_EQ(a.run("sys.last_type.__name__"), "'ZeroDivisionError'\n");
    EXPECT_EQ(b.run("hasattr(sys, 'last_type'), hasattr(sys, 'last_value')"), "(False, False)\n");
}

TEST_F(consoles, cannot_change_signal_handlers) {
    a.run("import signal");
    EXPECT_NE(a.run("signal.signal(signal.SIGTERM, lambda *_: None)").find("ValueError: signal only"),
              std::string::npos);
}

TEST_F(consoles, share_one_namespace_when_the_host_says_so) {
    options choices;
    choices.share_locals = true;
    const host sharing{{}, choices};
    auto one = sharing.greeted_client();
    auto two = sharing.greeted_client();
    EXPECT_EQ(one.run("x = 1"), "");
    EXPECT_EQ(two.run("x"), "1\n");
}

// ---- reading ----------------------------------------------------------------------------------

TEST_F(consoles, read_a_line_with_input) {
    a.send("name = input('name? ')\n");
    EXPECT_EQ(a.read_until("? "), "name? ");
    EXPECT_EQ(a.run("Ada"), "");
    EXPECT_EQ(a.run("name"), "'Ada'\n");
}

TEST_F(consoles, read_lines_from_sys_stdin) {
    a.run("import sys");
    EXPECT_EQ(a.run("sys.stdin.readline()\nsome text"), "'some text\\n'\n");
    a.send("for line in sys.stdin:\n    if line == 'end\\n': break\n    line\n\nfirst\nend\n");
    EXPECT_EQ(a.read_until(prompt), "... ... ... 'first\\n'\n>>> ");
}

TEST_F(consoles, end_input_with_eof_where_the_client_half_closes) {
    a.send("input()\n");
    a.half_close();
    const auto shown = a.read_to_end();
    EXPECT_NE(shown.find("EOFError: EOF when reading a line\n"), std::string::npos) << shown;
    EXPECT_TRUE(shown.ends_with("\nnow exiting InteractiveConsole...\n")) << shown;
}

TEST_F(consoles, have_help) {
    a.send("help(len)\n");
    EXPECT_NE(a.read_until(prompt).find("Return the number of items in a container."),
              std::string::npos);
    a.send("help()\n");
    a.read_until("help> ");
    a.send("keywords\n");
    EXPECT_NE(a.read_until("help> ").find("nonlocal"), std::string::npos);
    a.send("quit\n");
    a.read_until(prompt);
}

TEST_F(consoles, have_a_debugger) {
    a.send("def f():\n    x = 42\n    breakpoint()\n    return x\n\n");
    a.read_until("... ... ... ... ");
    a.read_until(prompt);
    a.send("f()\n");
    // Since 3.13 it stops on the line of the breakpoint, not behind it.
    const auto stopped = a.read_until("(Pdb) ");
    EXPECT_TRUE(stopped.find("<stdin>(3)f()") != std::string::npos ||
                stopped.find("<stdin>(4)f()") != std::string::npos)
        << stopped;
    a.send("p x + 1\n");
    EXPECT_EQ(a.read_until("(Pdb) "), "43\n(Pdb) ");
    EXPECT_EQ(b.run("'meanwhile'"), "'meanwhile'\n");
    a.send("continue\n");
    EXPECT_EQ(a.read_until(prompt), "42\n>>> ");
}

}  // namespace
}  // namespace backdoor::test
