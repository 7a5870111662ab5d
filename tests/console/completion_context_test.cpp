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
            case step::string:
                text += "''";
                break;
            case step::bytes:
                text += "b''";
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

TEST(completion_context, is_an_attribute_of_what_is_in_quotes) {
    EXPECT_EQ(seen("', '.jo"), "attribute ''|jo");
    EXPECT_EQ(seen("print(\"it's\".up"), "attribute ''|up");
    EXPECT_EQ(seen("\"\"\"a\nb\"\"\".sp"), "attribute ''|sp");
    EXPECT_EQ(seen("f'{x}'.up"), "attribute ''|up");
    EXPECT_EQ(seen("b'a'.de"), "attribute b''|de");
    EXPECT_EQ(seen("rB'a'.de"), "attribute b''|de");
}

TEST(completion_context, is_that_of_the_code_in_an_f_string) {
    EXPECT_EQ(seen("f'{os.pa"), "attribute os|pa");
    EXPECT_EQ(seen("print(f'a {{b}} {x!r:>{wid"), "name |wid");
    EXPECT_EQ(seen("f\"{table['co"), "key table|co");
    EXPECT_EQ(seen("rf'''{a} {le"), "name |le");
    EXPECT_EQ(seen("f'{a} /etc/pa"), "file |{a} /etc/pa");
    EXPECT_EQ(seen("f'{a:>1"), "file |{a:>1");
    EXPECT_EQ(seen("'{os.pa"), "file |{os.pa");
}

TEST(completion_context, is_a_name_or_a_key_behind_an_open_subscript) {
    EXPECT_EQ(seen("table["), "name table|");
    EXPECT_EQ(seen("print(a.table[1"), "name a.table|1");
    EXPECT_EQ(seen("table['a'][nu"), "name table['a']|nu");
    EXPECT_EQ(seen("x = [nu"), "name |nu");
    EXPECT_EQ(seen("f()[nu"), "name |nu");
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
    EXPECT_EQ(seen("import os, sy"), "module |sy");
    EXPECT_EQ(seen("import json as j, sy"), "module |sy");
    EXPECT_EQ(seen("from os import path, ab"), "member os|ab");
    EXPECT_EQ(seen("from os import (path,\n    ab"), "member os|ab");
    EXPECT_EQ(seen("from os import(ab"), "member os|ab");
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
