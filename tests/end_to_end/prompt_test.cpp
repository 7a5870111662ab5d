// What a client sees at the prompt.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

class prompt_of_a_console : public testing::Test {
protected:
    std::string run(std::string_view line) { return one.run(line); }

    const host h;
    client one{h.greeted_client()};
};

TEST_F(prompt_of_a_console, has_the_banner_of_the_interactive_interpreter) {
    const auto python = run("import sys; print(sys.version, 'on', sys.platform)");
    EXPECT_EQ(client{h.door.address()}.read_until(prompt),
              "Python " + python +
                  "Type \"help\", \"copyright\", \"credits\" or \"license\" for more "
                  "information.\n(InteractiveConsole)\n>>> ");
}

TEST_F(prompt_of_a_console, shows_the_value_of_an_expression) {
    EXPECT_EQ(run("1 + 1"), "2\n");
    EXPECT_EQ(run("'text'"), "'text'\n");
    EXPECT_EQ(run("None"), "");
}

TEST_F(prompt_of_a_console, keeps_names_between_commands) {
    EXPECT_EQ(run("x = 20"), "");
    EXPECT_EQ(run("x + 1"), "21\n");
    EXPECT_EQ(run("import math"), "");
    EXPECT_EQ(run("math.floor(2.5)"), "2\n");
}

TEST_F(prompt_of_a_console, remembers_the_last_value_as_underscore) {
    EXPECT_EQ(run("6 * 7"), "42\n");
    EXPECT_EQ(run("_ + 1"), "43\n");
    EXPECT_EQ(run("None"), "");
    EXPECT_EQ(run("_"), "43\n");
}

TEST_F(prompt_of_a_console, asks_for_more_lines_with_the_second_prompt) {
    one.send("def f():\n");
    EXPECT_EQ(one.read_until("... "), "... ");
    one.send("    return 5\n");
    EXPECT_EQ(one.read_until("... "), "... ");
    EXPECT_EQ(run(""), "");
    EXPECT_EQ(run("f()"), "5\n");
}

TEST_F(prompt_of_a_console, runs_all_lines_of_one_packet) {
    one.send("a = 1\nb = 2\na + b\n");
    EXPECT_EQ(one.read_until("3\n>>> "), ">>> >>> 3\n>>> ");
}

TEST_F(prompt_of_a_console, takes_cr_lf_as_the_end_of_a_line) {
    one.send("1 + 1\r\n");
    EXPECT_EQ(one.read_until(prompt), "2\n>>> ");
    one.send("if True:\r\n    'in'\r\n\r\n");
    EXPECT_EQ(one.read_until("'in'\n>>> "), "... ... 'in'\n>>> ");
}

TEST_F(prompt_of_a_console, shows_a_traceback) {
    EXPECT_EQ(run("1 / 0"),
              "Traceback (most recent call last):\n"
              "  File \"<stdin>\", line 1, in <module>\n"
              "ZeroDivisionError: division by zero\n");
}

TEST_F(prompt_of_a_console, shows_a_syntax_error) {
    EXPECT_EQ(run("1 +"),
              "  File \"<stdin>\", line 1\n"
              "    1 +\n"
              "       ^\n"
              "SyntaxError: invalid syntax\n");
    EXPECT_NE(run("  indented").find("IndentationError: unexpected indent"), std::string::npos);
    EXPECT_NE(run("'open").find("SyntaxError: unterminated string literal"), std::string::npos);
}

TEST_F(prompt_of_a_console, goes_on_after_a_syntax_error_in_a_block) {
    one.send("def f():\n    return )\n");
    EXPECT_NE(one.read_until(prompt).find("SyntaxError: unmatched ')'"), std::string::npos);
    EXPECT_EQ(run("1"), "1\n");
}

TEST_F(prompt_of_a_console, may_be_another) {
    one.send("import sys; sys.ps1 = 'say> '\n");
    EXPECT_EQ(one.read_until("say> "), "say> ");
    one.send("sys.ps2 = '   > '\n");
    one.read_until("say> ");
    one.send("if True:\n");
    EXPECT_EQ(one.read_until("   > "), "   > ");
}

TEST_F(prompt_of_a_console, runs_a_pasted_file_of_2000_lines) {
    std::string file;
    for (int i = 0; i < 500; ++i) {
        const auto n = std::to_string(i);
        file += "def f" + n + "(x):\n    y = x + " + n + "\n    return y\n\n";
    }
    one.send(file + "sum(g(1) for name, g in list(globals().items()) if name[0] == 'f'), 'done'\n");
    const auto shown = one.read_until("'done')\n>>> ");
    EXPECT_EQ(shown.find("Error"), std::string::npos) << shown;
    EXPECT_NE(shown.find("(125250, 'done')"), std::string::npos) << shown.substr(0, 200);
}

TEST_F(prompt_of_a_console, ends_with_exit) {
    one.send("exit()\n");
    EXPECT_EQ(one.read_to_end(), "");
}

TEST_F(prompt_of_a_console, ends_with_quit_and_system_exit) {
    one.send("quit()\n");
    EXPECT_EQ(one.read_to_end(), "");
    auto two = h.greeted_client();
    two.send("raise SystemExit\n");
    EXPECT_EQ(two.read_to_end(), "");
    auto three = h.greeted_client();
    three.send("import sys\n");
    three.read_until(prompt);
    three.send("sys.exit('a last word')\n");
    EXPECT_EQ(three.read_to_end(), "a last word\n");
}

TEST_F(prompt_of_a_console, finishes_what_was_sent_before_a_half_close) {
    one.send("import time\n2 + 2\nfor i in range(3):\n    time.sleep(.05); i\n\n");
    one.half_close();
    EXPECT_EQ(one.read_to_end(),
              ">>> 4\n>>> ... ... 0\n1\n2\n>>> \nnow exiting InteractiveConsole...\n");
}

TEST_F(prompt_of_a_console, runs_a_last_line_that_lacks_its_newline) {
    one.send("40 + 2");
    one.half_close();
    const auto shown = one.read_to_end();
    EXPECT_NE(shown.find("42\n"), std::string::npos) << shown;
    EXPECT_TRUE(shown.ends_with("\nnow exiting InteractiveConsole...\n")) << shown;
}

TEST_F(prompt_of_a_console, says_farewell_when_nothing_was_typed) {
    one.half_close();
    EXPECT_EQ(one.read_to_end(), "\nnow exiting InteractiveConsole...\n");
}

TEST_F(prompt_of_a_console, ends_with_ctrl_d) {
    EXPECT_EQ(run("1"), "1\n");
    one.send("\x04");
    EXPECT_EQ(one.read_to_end(), "\nnow exiting InteractiveConsole...\n");
}

}  // namespace
}  // namespace backdoor::test
