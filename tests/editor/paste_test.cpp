// Pastes, with brackets and without.

#include <gtest/gtest.h>

#include <ctime>

#include "client.hpp"

namespace backdoor::editor::test {
namespace {

struct paste : ::testing::Test {
    paste() { c.begin(); }
    client c;
};

double cpu_milliseconds() { return static_cast<double>(std::clock()) * 1000.0 / CLOCKS_PER_SEC; }

TEST_F(paste, is_turned_on_and_off) {
    client d;
    d.editor.begin(">>> ", "... ");
    EXPECT_EQ(d.show(), "\x1b[?2004h>>> ");
    d.type("x\r");
    EXPECT_EQ(d.sent, "x\r\n\x1b[?2004l");
    d.begin();
    d.type("\x03");
    EXPECT_EQ(d.sent, "^C\r\n\x1b[?2004l");
    d.begin();
    d.type("\x04");
    EXPECT_EQ(d.sent, "\r\n\x1b[?2004l");
    d.begin();
    d.editor.cancel();
    EXPECT_EQ(d.show(), "\r\n\x1b[?2004l");
}

TEST_F(paste, is_one_block) {
    EXPECT_EQ(c.type_at_once("\x1b[200~def f():\r    return 1\r\rprint(f())\x1b[201~"), events{});
    EXPECT_EQ(c.block(), "def f():\n    return 1\n\nprint(f())|");
    EXPECT_EQ(c.feed("\r"), events{wants_judgement{"def f():\n    return 1\n\nprint(f())\n"}});
}

TEST_F(paste, goes_where_the_cursor_is) {
    c.type_at_once("ab\x02\x1b[200~1\n2\x1b[201~");
    EXPECT_EQ(c.block(), "a1\n2|b");
}

TEST_F(paste, runs_no_keys) {
    EXPECT_EQ(c.type_at_once("\x1b[200~a\x03\x04\x1b[A\tb\x1b[201~"), events{});
    EXPECT_EQ(c.block(), "a\x03\x04\x1b[A\tb|");
}

TEST_F(paste, without_brackets_works_line_by_line) {
    EXPECT_EQ(
        c.type_at_once("def f(x):\r    if x:\r        return 1\r    return 2\r\rprint(f(3))\r"),
        events{submitted{"def f(x):\n    if x:\n        return 1\n    return 2\n\n"}});
    EXPECT_EQ(c.editor.begin(">>> ", "... "), events{wants_judgement{"print(f(3))\n"}});
}

TEST_F(paste, without_brackets_may_come_in_pieces) {
    const std::string text = "def f(x):\r    if x:\r        return 1\r    return 2\r\r";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        client d;
        d.begin();
        events all = d.type_at_once(text.substr(0, cut));
        for (event& e : d.type_at_once(text.substr(cut)))
            all.push_back(std::move(e));
        EXPECT_EQ(all,
                  events{submitted{"def f(x):\n    if x:\n        return 1\n    return 2\n\n"}})
            << cut;
    }
}

std::string program(int count, std::string_view line_end) {
    std::string text = "def f():";
    for (int i = 0; i < count; ++i)
        (text += line_end) += "    total = compute(total, 'some text', [1, 2, 3])  # more";
    return text;
}

TEST_F(paste, of_2000_lines_takes_no_time) {
    static const python_highlighter python;
    settings chosen;
    chosen.colour = true;
    chosen.syntax = &python;
    client d(chosen);
    d.begin();
    const double before = cpu_milliseconds();
    d.editor.feed("\x1b[200~" + program(2000, "\r") + "\x1b[201~");
    d.editor.take_output();
    const double spent = cpu_milliseconds() - before;
    RecordProperty("milliseconds", static_cast<int>(spent));
    EXPECT_EQ(d.editor.text(), program(2000, "\n"));
    EXPECT_LT(spent, 1000.0);  // with sanitizers too; a look at all of it for each line takes minutes
}

TEST_F(paste, of_2000_lines_without_brackets_takes_little_time) {
    const double before = cpu_milliseconds();
    c.type_at_once(program(2000, "\r"));
    EXPECT_LT(cpu_milliseconds() - before, 3000.0);  // with sanitizers too
    EXPECT_EQ(c.editor.text(), program(2000, "\n"));
}

TEST_F(paste, takes_time_by_its_size_alone) {
    const auto spent = [](int size) {
        client d;
        d.begin();
        const std::string text = "\x1b[200~" + program(size, "\r") + "\x1b[201~";
        const double before = cpu_milliseconds();
        for (std::size_t at = 0; at < text.size(); at += 512)
            d.editor.feed(std::string_view(text).substr(at, 512));
        d.editor.take_output();
        return cpu_milliseconds() - before;
    };
    const double small = spent(5'000);
    EXPECT_LT(spent(40'000), 8 * small * 4 + 20);
}

}  // namespace
}  // namespace backdoor::editor::test
