#include "console/traceback_colours.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace backdoor {
namespace {

/// Colours as words, ends as "<>".
std::string seen(std::string_view traceback) {
    std::string text = in_colours(traceback);
    for (const auto& [code, word] :
         {std::pair{"1;35", "<error>"}, {"35", "<magenta>"}, {"1;31", "<RED>"}, {"31", "<red>"}, {"0", "<>"}}) {
        text = std::regex_replace(text, std::regex{"\x1b\\[" + std::string{code} + "m"}, word);
    }
    return text;
}

TEST(traceback_colours, show_places_marks_and_the_error) {
    EXPECT_EQ(seen("Traceback (most recent call last):\n"
                   "  File \"<stdin-1>\", line 1, in <module>\n"
                   "    f(0) + 1\n"
                   "    ^^^^\n"
                   "  File \"<stdin-2>\", line 2, in f\n"
                   "    return 1 / x\n"
                   "           ~~^~~\n"
                   "ZeroDivisionError: division: by zero\n"),
              "Traceback (most recent call last):\n"
              "  File <magenta>\"<stdin-1>\"<>, line <magenta>1<>, in <magenta><module><>\n"
              "    <RED>f(0)<> + 1\n"
              "    <RED>^^^^<>\n"
              "  File <magenta>\"<stdin-2>\"<>, line <magenta>2<>, in <magenta>f<>\n"
              "    return <red>1 <><RED>/<><red> x<>\n"
              "           <red>~~<><RED>^<><red>~~<>\n"
              "<error>ZeroDivisionError<>: <magenta>division: by zero<>\n");
}

TEST(traceback_colours, show_syntax_errors) {
    EXPECT_EQ(seen("  File \"<stdin>\", line 1\n    1 +\n       ^\nSyntaxError: invalid syntax\n"),
              "  File <magenta>\"<stdin>\"<>, line <magenta>1<>\n    1 +\n       <RED>^<>\n"
              "<error>SyntaxError<>: <magenta>invalid syntax<>\n");
}

TEST(traceback_colours, leave_the_other_lines_of_a_text_alone) {
    EXPECT_EQ(seen("KeyboardInterrupt\n"), "<error>KeyboardInterrupt<>\n");
    EXPECT_EQ(seen("app.errors.Odd: one\ntwo: three\nfour\n"),
              "<error>app.errors.Odd<>: <magenta>one<>\ntwo: three\nfour\n");
}

TEST(traceback_colours, show_each_exception_of_a_chain) {
    const auto text = seen("KeyError: 1\n\nDuring handling of the above exception, another exception "
                           "occurred:\n\nTraceback (most recent call last):\n  File \"a\", line 1, in b\n"
                           "E: c\n");
    EXPECT_TRUE(text.starts_with("<error>KeyError<>: <magenta>1<>\n\nDuring handling of the")) << text;
    EXPECT_TRUE(text.ends_with("<error>E<>: <magenta>c<>\n")) << text;
}

TEST(traceback_colours, show_groups) {
    EXPECT_EQ(seen("  + Exception Group Traceback (most recent call last):\n"
                   "  |   File \"a\", line 1, in b\n"
                   "  |     1 / 0\n"
                   "  |     ~~^~~\n"
                   "  | ExceptionGroup: g (1 sub-exception)\n"
                   "  +-+---------------- 1 ----------------\n"
                   "    | ValueError: 1\n"
                   "    +------------------------------------\n"),
              "  + Exception Group Traceback (most recent call last):\n"
              "  |   File <magenta>\"a\"<>, line <magenta>1<>, in <magenta>b<>\n"
              "  |     <red>1 <><RED>/<><red> 0<>\n"
              "  |     <red>~~<><RED>^<><red>~~<>\n"
              "  | <error>ExceptionGroup<>: <magenta>g (1 sub-exception)<>\n"
              "  +-+---------------- 1 ----------------\n"
              "    | <error>ValueError<>: <magenta>1<>\n"
              "    +------------------------------------\n");
}

TEST(traceback_colours, keep_every_character) {
    const std::string odd = "x\n\n  File \"\n    ^\n  |\n +\n: y\n    é = ü\n    ^   ^^^^^\nlast";
    EXPECT_EQ(std::regex_replace(in_colours(odd), std::regex{"\x1b\\[[0-9;]*m"}, ""), odd + "\n");
}

}  // namespace
}  // namespace backdoor
