#include "console/pretty.hpp"

#include "python_test.hpp"

namespace backdoor::test {
namespace {

class pretty : public with_python {
protected:
    std::string first(const std::string& expression, std::size_t columns = 80) {
        value = eval(expression);
        return first_page(value.get(), columns, rest).value_or("(none)");
    }

    void TearDown() override {
        value = {};
        rest = {};
        with_python::TearDown();
    }

    ref value;
    pager rest;
};

TEST_F(pretty, is_as_repr_where_that_fits) {
    for (const std::string what :
         {"[]", "[1, 'a', None]", "(1,)", "()", "(1, 2)", "{}", "{'a': [1, {2: 3}]}", "set()", "{1}",
          "frozenset()", "frozenset({1})", "{1: 2}.keys()", "{1: 2}.values()", "{1: 2}.items()",
          "__import__('collections').deque([1, 2])", "__import__('collections').deque([1], 5)",
          "__import__('collections').defaultdict(int, a=1)"}) {
        EXPECT_EQ(first(what), repr(eval(what))) << what;
        EXPECT_FALSE(rest.container) << what;
    }
}

TEST_F(pretty, leaves_all_others_to_repr) {
    for (const std::string what :
         {"1", "'text'", "None", "range(1000)", "type('L', (list,), {})(range(1000))",
          "__import__('collections').OrderedDict.fromkeys(range(1000))"}) {
        EXPECT_EQ(first(what), "(none)") << what;
    }
}

TEST_F(pretty, shows_a_page_and_how_much_more_there_is) {
    const auto page = first("list(range(10000))");
    EXPECT_TRUE(page.starts_with("[0, 1, 2, ")) << page;
    EXPECT_TRUE(page.ends_with(" 49,\n … 9,950 more (more() goes on)]")) << page;
    EXPECT_EQ(rest.shown, 50u);
    for (const std::string what : {"{i: -i for i in range(10000)}", "set(range(10000))",
                                   "__import__('collections').deque(range(10000))",
                                   "dict.fromkeys(range(10000)).keys()"}) {
        EXPECT_NE(first(what).find("… 9,950 more"), std::string::npos) << what;
    }
}

TEST_F(pretty, goes_on_until_all_is_shown) {
    std::string all = first("{i: -i for i in range(260)}");
    while (rest.container) {
        all += next_page(rest, 80, 50);
    }
    for (int i = 0; i < 260; ++i) {
        EXPECT_NE(all.find(std::to_string(i) + ": " + (i > 0 ? "-" : "") + std::to_string(i)),
                  std::string::npos)
            << i;
    }
    EXPECT_TRUE(all.ends_with("259: -259}")) << all;
}

TEST_F(pretty, goes_on_by_as_many_as_wanted) {
    first("list(range(10000))");
    EXPECT_NE(next_page(rest, 80, 500).find("549,\n … 9,450 more"), std::string::npos);
    EXPECT_EQ(rest.shown, 550u);
}

TEST_F(pretty, goes_on_where_the_container_has_shrunk) {
    first("[0] * 1000");
    checked(PyObject_CallMethod(value.get(), "clear", nullptr));
    EXPECT_EQ(next_page(rest, 80, 50), " ]");
    EXPECT_FALSE(rest.container);
}

TEST_F(pretty, shows_no_more_than_twice_a_page_at_once) {
    EXPECT_FALSE(first("list(range(100))").empty());
    EXPECT_FALSE(rest.container);
    first("list(range(101))");
    EXPECT_TRUE(rest.container);
}

TEST_F(pretty, asks_few_values_for_their_repr) {
    const auto counter = eval(
        "type('C', (), {'asked': 0, '__repr__': lambda s: (setattr(type(s), 'asked', "
        "type(s).asked + 1), 'c')[1]})");
    value = eval("[[[it() for i in range(90)] for j in range(90)] for k in range(90)]", counter);
    first_page(value.get(), 80, rest);
    const auto asked = checked(PyObject_GetAttrString(counter.get(), "asked"));
    EXPECT_LE(PyLong_AsLong(asked.get()), 1100);
    EXPECT_TRUE(rest.container);
}

TEST_F(pretty, cuts_long_values_in_a_container) {
    EXPECT_LT(first("['x' * 10_000_000, b'y' * 10_000_000]").size(), 5000u);
    EXPECT_NE(first("['x' * 3000]").find("… 2000 more characters"), std::string::npos);
    const auto page = first("[type('R', (), {'__repr__': lambda s: 'é' * 1_000_000})()]");
    EXPECT_LT(page.size(), 10'000u);
    EXPECT_NE(page.find("é …"), std::string::npos);
}

TEST_F(pretty, enters_no_container_twice) {
    value = eval("[1]");
    check(PyList_Append(value.get(), value.get()));
    EXPECT_EQ(first_page(value.get(), 80, rest), "[1, [...]]");
    check(PyList_SetSlice(value.get(), 0, 2, nullptr));
}

TEST_F(pretty, ends_in_any_depth) {
    value = eval("[]");
    for (int i = 0; i < 100'000; ++i) {
        const auto outer = checked(PyList_New(1));
        PyList_SET_ITEM(outer.get(), 0, ref{value}.release());
        value = outer;
    }
    EXPECT_NE(first_page(value.get(), 80, rest)->find("… 1 more"), std::string::npos);
}

TEST_F(pretty, lets_errors_of_repr_out) {
    const auto bad = eval("type('B', (), {'__repr__': lambda s: 1 / 0})()");
    value = checked(PyList_New(1));
    PyList_SET_ITEM(value.get(), 0, ref{bad}.release());
    EXPECT_THROW(first_page(value.get(), 80, rest), python_error);
    EXPECT_EQ(take_error(), "ZeroDivisionError: division by zero");
}

}  // namespace
}  // namespace backdoor::test
