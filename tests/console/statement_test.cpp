#include "console/statement.hpp"

#include "python_test.hpp"

#include <vector>

namespace backdoor::test {
namespace {

using state = statement::state;

class a_statement : public with_python {
protected:
    /// The states after each line; a statement that is over makes room for the next.
    std::vector<state> add(const std::vector<std::string>& lines) {
        std::vector<state> states;
        for (const auto& line : lines) {
            states.push_back(one.add(line));
            if (states.back() != state::incomplete) {
                PyErr_Clear();
                one.clear();
            }
        }
        return states;
    }

    void TearDown() override {
        one.clear();
        with_python::TearDown();
    }

    statement one;
};

using states = std::vector<state>;

TEST_F(a_statement, may_be_one_line) {
    EXPECT_EQ(add({"1\n", "x = 1\n", "import os; 2\n"}),
              (states{state::complete, state::complete, state::complete}));
}

TEST_F(a_statement, may_be_none) {
    EXPECT_EQ(add({"\n", "   \n", "# a comment\n"}),
              (states{state::nothing, state::nothing, state::nothing}));
}

TEST_F(a_statement, with_a_body_ends_with_an_empty_line) {
    EXPECT_EQ(add({"if x:\n", "    1\n", "    2\n", "\n"}),
              (states{state::incomplete, state::incomplete, state::incomplete, state::complete}));
    EXPECT_EQ(add({"if x: 1\n", "\n"}), (states{state::incomplete, state::complete}));
    EXPECT_EQ(add({"@decorator\n", "def f():\n", "    pass\n", "\n"}),
              (states{state::incomplete, state::incomplete, state::incomplete, state::complete}));
}

TEST_F(a_statement, goes_on_within_brackets_quotes_and_after_a_backslash) {
    EXPECT_EQ(add({"(1,\n", "\n", "2)\n"}),
              (states{state::incomplete, state::incomplete, state::complete}));
    EXPECT_EQ(add({"'''a\n", "\n", "b'''\n"}),
              (states{state::incomplete, state::incomplete, state::complete}));
    EXPECT_EQ(add({"1 + \\\n", "2\n"}), (states{state::incomplete, state::complete}));
}

TEST_F(a_statement, is_wrong_as_soon_as_that_is_certain) {
    EXPECT_EQ(add({"1 +\n", ")\n", "  x\n", "if x\n", "'open\n"}),
              states(5, state::wrong));
    EXPECT_EQ(add({"if x:\n", "    )\n"}), (states{state::incomplete, state::wrong}));
    EXPECT_EQ(add({"if x:\n", "1\n"}), (states{state::incomplete, state::wrong}));
}

TEST_F(a_statement, sets_the_error_that_makes_it_wrong) {
    EXPECT_EQ(one.add("1 +\n"), state::wrong);
    EXPECT_EQ(take_error(), "SyntaxError: invalid syntax (<stdin>, line 1)");
}

TEST_F(a_statement, must_be_utf8_without_nul) {
    EXPECT_EQ(one.add("'\xff'\n"), state::wrong);
    EXPECT_TRUE(take_error().starts_with("SyntaxError: (unicode error) 'utf-8' codec"));
    one.clear();
    EXPECT_EQ(one.add(std::string_view{"'\0'\n", 4}), state::wrong);
    EXPECT_EQ(take_error(), "SyntaxError: source code cannot contain null bytes");
}

TEST_F(a_statement, keeps_future_imports_for_those_that_follow) {
    EXPECT_EQ(add({"from __future__ import annotations\n"}), states{state::complete});
    EXPECT_EQ(add({"x: unknown = 1\n"}), states{state::complete});
    EXPECT_NE(one.add("1\n"), state::wrong);
}

TEST_F(a_statement, is_finished_by_the_end_of_input) {
    EXPECT_EQ(one.add("if True:\n"), state::incomplete);
    EXPECT_EQ(one.add("    1\n"), state::incomplete);
    EXPECT_EQ(one.finish(), state::complete);
    one.clear();
    EXPECT_EQ(one.add("(1,\n"), state::incomplete);
    EXPECT_EQ(one.finish(), state::wrong);
}

/// Adding lines at once must give what adding them one by one gives, and use as many.
TEST_F(a_statement, is_judged_in_blocks_as_line_by_line) {
    const std::vector<std::vector<std::string>> pastes = {
        {"    1\n", "    2\n", "\n"},
        {"    1\n", "else:\n", "    2\n", "\n"},
        {"    1\n", "2\n", "3\n", "\n"},
        {"    )\n", "    2\n", "\n"},
        {"    x = '''\n", "text\n", "'''\n", "\n"},
        {"    1\n", "    2\n", "    3\n"},
    };
    for (const auto& paste : pastes) {
        one.clear();
        auto expected = one.add("if x:\n");
        std::size_t expected_count = 0;
        while (expected == state::incomplete && expected_count < paste.size()) {
            expected = one.add(paste[expected_count++]);
        }
        PyErr_Clear();
        one.clear();
        one.add("if x:\n");
        std::string block;
        for (const auto& line : paste) {
            block += line;
        }
        std::size_t used = 0;
        EXPECT_EQ(one.add_block(block, paste.size(), used), expected) << block;
        EXPECT_EQ(used, expected_count) << block;
        PyErr_Clear();
    }
}

TEST_F(a_statement, of_a_block_has_its_own_source) {
    auto how = state::wrong;
    const auto parts =
        one.parse_block("x = 1; y = 2\n\n# about f\n@property\ndef f():\n    pass\n\nf\n", how);
    EXPECT_EQ(how, state::complete);
    std::vector<std::string> sources;
    for (const auto& part : parts) {
        sources.push_back(part.source);
    }
    EXPECT_EQ(sources, (std::vector<std::string>{
                           "x = 1; y = 2\n", "x = 1; y = 2\n",
                           "\n# about f\n@property\ndef f():\n    pass\n", "\nf\n"}));
}

TEST_F(a_statement, may_await_where_that_is_allowed) {
    EXPECT_EQ(one.add("await x\n"), state::wrong);
    PyErr_Clear();
    one.clear();
    one.allow_await(true);
    ASSERT_EQ(one.add("await x\n"), state::complete);
    ASSERT_TRUE(one.make_code());
    EXPECT_TRUE(makes_coroutine(one.code().get()));
    one.clear();
    ASSERT_EQ(one.add("x = 1\n"), state::complete);
    ASSERT_TRUE(one.make_code());
    EXPECT_FALSE(makes_coroutine(one.code().get()));
    one.clear();
    EXPECT_EQ(add({"async with x: 1\n", "\n"}), (states{state::incomplete, state::complete}));
    one.allow_await(false);
    EXPECT_EQ(one.add("await x\n"), state::wrong);
    PyErr_Clear();
}

}  // namespace
}  // namespace backdoor::test
