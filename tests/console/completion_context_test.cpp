#include "console/completion_context.hpp"

#include <gtest/gtest.h>

namespace backdoor {
namespace {

using kind = completion_context::kind;

/// kind, path and what was begun, as "attribute os.path|ab".
std::string seen(std::string_view text) {
    static constexpr const char* names[] = {"nothing", "name", "attribute", "module",
                                            "member",  "key",  "file"};
    const auto typed = completion_context_of(text);
    std::string shown = names[static_cast<int>(typed.what)];
    shown += ' ';
    for (const auto& name : typed.path) {
        shown += (shown.back() == ' ' ? "" : ".") + name;
    }
    return shown + '|' + typed.begun;
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

std::string callee(std::string_view text) {
    std::string shown;
    for (const auto& name : completion_context_of(text).callee) {
        shown += (shown.empty() ? "" : ".") + name;
    }
    return shown;
}

TEST(completion_context, knows_what_is_called) {
    EXPECT_EQ(callee("f("), "f");
    EXPECT_EQ(callee("f(a, le"), "f");
    EXPECT_EQ(callee("x = a.b.f(1,\n    le"), "a.b.f");
    EXPECT_EQ(callee("f(g(1), [2, (3)], ')', le"), "f");
    EXPECT_EQ(callee("f(g(le"), "g");
}

TEST(completion_context, knows_no_callee_where_no_argument_begins) {
    for (const auto* text : {"le", "(le", "f(x) + le", "f(x=le", "f([le", "f(x)(le", "f(1 + le", "f() le",
                             "f(a.le", "'f(' le"}) {
        EXPECT_EQ(callee(text), "") << text;
    }
}

}  // namespace
}  // namespace backdoor
