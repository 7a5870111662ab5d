#include "console/completion_context.hpp"

#include <gtest/gtest.h>

namespace backdoor {
namespace {

using kind = completion_context::kind;

std::string shown(const completion_context::expression& steps) {
    using step = completion_context::step::kind;
    std::string text;
    for (const auto& one : steps) {
        switch (one.what) {
            case step::name:
                text += (text.empty() ? "" : ".") + one.text;
                break;
            case step::key:
                text += "['" + one.text + "']";
                break;
            case step::number:
                text += "[" + one.text + "]";
                break;
        }
    }
    return text;
}

/// kind, object or package, and what was begun, as "attribute os.path|ab".
std::string seen(std::string_view text) {
    static constexpr const char* names[] = {"nothing", "name", "attribute", "module",
                                            "member",  "key",  "file"};
    const auto typed = completion_context_of(text);
    const bool imports = typed.what == kind::module || typed.what == kind::member;
    return std::string{names[static_cast<int>(typed.what)]} + ' ' +
           (imports ? typed.package : shown(typed.object)) + '|' + typed.begun;
}

TEST(completion_context, is_a_name) {
    EXPECT_EQ(seen(""), "name |");
    EXPECT_EQ(seen("pri"), "name |pri");
    EXPECT_EQ(seen("f(x, le"), "name |le");
    EXPECT_EQ(seen("from os imp"), "name |imp");
}

TEST(completion_context, is_an_attribute) {
    EXPECT_EQ(seen("os.path.ab"), "attribute os.path|ab");
    EXPECT_EQ(seen("print(os."), "attribute os|");
}

TEST(completion_context, is_nothing_behind_a_call_which_would_have_to_be_made) {
    EXPECT_EQ(seen("f().ab"), "nothing |");
    EXPECT_EQ(seen("1.re"), "nothing |");
    EXPECT_EQ(seen("# os.pa"), "nothing |");
}

TEST(completion_context, is_a_module_or_a_member) {
    EXPECT_EQ(seen("import o"), "module |o");
    EXPECT_EQ(seen("x = 1; import os.pa"), "module os|pa");
    EXPECT_EQ(seen("from os.pa"), "module os|pa");
    EXPECT_EQ(seen("from os.path import ab"), "member os.path|ab");
}

TEST(completion_context, is_a_key_or_a_file) {
    EXPECT_EQ(seen("table['co"), "key table|co");
    EXPECT_EQ(seen("a.table[\"co"), "key a.table|co");
    EXPECT_EQ(seen("open('/etc/pa"), "file |/etc/pa");
    EXPECT_EQ(seen("'closed'; pri"), "name |pri");
    EXPECT_EQ(seen("'''of many lines"), "nothing |");
}

TEST(completion_context, is_behind_subscripts_that_are_strings_and_numbers) {
    EXPECT_EQ(seen("d['a']['b"), "key d['a']|b");
    EXPECT_EQ(seen("d[\"a\"][\"b"), "key d['a']|b");
    EXPECT_EQ(seen("x.d['a'].e[-1][20]['"), "key x.d['a'].e[-1][20]|");
    EXPECT_EQ(seen("d['a'].ke"), "attribute d['a']|ke");
    EXPECT_EQ(seen("print(d['a b, c'][0].ke"), "attribute d['a b, c'][0]|ke");
}

TEST(completion_context, is_nothing_behind_any_other_subscript) {
    for (const auto* text : {"d[f()]['b", "d[i]['b", "d['a', 'b']['c", "d['a' 'b']['c", "d[b'a']['c",
                             "d['\\x61']['c", "d[1:2]['b", "d[]['b", "d[1.5]['b", "d[12345678901]['b",
                             "f()['a']['b", "['a']['b", "]['b", "d[i].ke"}) {
        EXPECT_EQ(completion_context_of(text).what, kind::nothing) << text;
    }
}

std::string callee(std::string_view text) { return shown(completion_context_of(text).callee); }

TEST(completion_context, knows_what_is_called) {
    EXPECT_EQ(callee("f("), "f");
    EXPECT_EQ(callee("f(a, le"), "f");
    EXPECT_EQ(callee("x = a.b.f(1,\n    le"), "a.b.f");
    EXPECT_EQ(callee("f(g(1), [2, (3)], ')', le"), "f");
    EXPECT_EQ(callee("f(g(le"), "g");
    EXPECT_EQ(callee("jobs['a'](le"), "jobs['a']");
}

TEST(completion_context, knows_no_callee_where_no_argument_begins) {
    for (const auto* text : {"le", "(le", "f(x) + le", "f(x=le", "f([le", "f(x)(le", "f(1 + le", "f() le",
                             "f(a.le", "'f(' le"}) {
        EXPECT_EQ(callee(text), "") << text;
    }
}

}  // namespace
}  // namespace backdoor
