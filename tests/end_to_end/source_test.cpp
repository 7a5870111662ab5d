// Tracebacks that quote what was typed.
#include <backdoor/backdoor.hpp>

#include <gtest/gtest.h>

#include "support/host.hpp"

namespace backdoor::test {
namespace {

using testing::Test;

class console_that_shows_source : public Test {
protected:
    static options choices() {
        options chosen;
        chosen.source_in_tracebacks = true;
        return chosen;
    }

    const host h{{}, choices()};
    client one{h.greeted_client()};
};

TEST_F(console_that_shows_source, quotes_the_lines_typed_in_a_traceback) {
    one.run("def f(x):\n    return 1 / x\n");
    const auto shown = one.run("f(0)");
    EXPECT_NE(shown.find("    f(0)\n"), std::string::npos) << shown;
    EXPECT_NE(shown.find("    return 1 / x\n"), std::string::npos) << shown;
    EXPECT_TRUE(shown.ends_with("ZeroDivisionError: division by zero\n")) << shown;
}

TEST_F(console_that_shows_source, lets_inspect_find_a_function) {
    one.run("def f():\n    return 'body'\n");
    EXPECT_EQ(one.run("import inspect; print(inspect.getsource(f))"),
              "def f():\n    return 'body'\n\n");
}

TEST_F(console_that_shows_source, shows_syntax_errors_as_ever) {
    const auto shown = one.run("1 +");
    EXPECT_TRUE(shown.ends_with("    1 +\n       ^\nSyntaxError: invalid syntax\n")) << shown;
}

TEST_F(console_that_shows_source, leaves_no_lines_behind_when_it_ends) {
    client other{h.greeted_client()};
    const std::string count =
        "import linecache; len([n for n in linecache.cache if n.startswith('<stdin-')])";
    other.run("1");
    other.run("2");
    other.send("exit()\n");
    other.read_to_end();
    // This console's own: the command before, and the one that counts.
    EXPECT_EQ(one.run(count), "1\n");
}

}  // namespace
}  // namespace backdoor::test
