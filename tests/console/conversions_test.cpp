#include "console/conversions.hpp"

#include "python_test.hpp"

#include <limits>

namespace backdoor::test {
namespace {

class conversions : public with_python {
protected:
    std::string shown(const value& v) { return repr(to_python(v, path)); }
    /// What a Python value is after its way to C++ and back.
    std::string there_and_back(const std::string& expression) {
        return shown(from_python(eval(expression).get()));
    }

    const std::shared_ptr<const access_path> path = std::make_shared<const access_path>();
};

TEST_F(conversions, keep_every_kind_of_value) {
    for (const char* expression :
         {"None", "True", "False", "0", "-1", "9223372036854775807", "-9223372036854775808",
          "18446744073709551615", "1.5", "inf", "'text'", "'h\u00e9'", "'nul\\x00'", "'\\udcff'",
          "b'\\xff\\x00'", "[1, [2]]", "(1, (2,))", "()", "{}", "{'a': 1, 2: [None]}"}) {
        const std::string source = std::string{expression} == "inf" ? "float('inf')" : expression;
        EXPECT_EQ(there_and_back(source), expression);
    }
}

TEST_F(conversions, refuse_what_has_no_counterpart) {
    const auto complaint = [](const std::string& expression) -> std::string {
        try {
            from_python(eval(expression).get());
        } catch (const bad_argument& refused) {
            return refused.what();
        }
        return "none";
    };
    EXPECT_EQ(complaint("object()"), "cannot pass a object to C++");
    EXPECT_EQ(complaint("2 ** 64"), "the integer has more than 64 bits");
    EXPECT_EQ(complaint("-2 ** 63 - 1"), "the integer has more than 64 bits");
    EXPECT_EQ(complaint("(l := [], l.append(l))[0]"), "the value is nested too deeply for C++");
    EXPECT_EQ(PyErr_Occurred(), nullptr);
}

TEST_F(conversions, make_functions_callable) {
    const auto twice = to_python(value{[](int n) { return 2 * n; }}, path);
    EXPECT_EQ(repr(eval("it(4)", twice)), "8");
}

TEST_F(conversions, turn_exceptions_into_pythons) {
    const auto raised = [&](auto throwing) {
        const auto f = to_python(value{throwing}, path);
        ref::take(PyObject_CallNoArgs(f.get()));
        return take_error();
    };
    EXPECT_EQ(raised([] { throw std::runtime_error{"r"}; }), "RuntimeError: r");
    EXPECT_EQ(raised([] { throw std::out_of_range{"o"}; }), "IndexError: o");
    EXPECT_EQ(raised([] { throw std::bad_alloc{}; }).substr(0, 11), "MemoryError");
    EXPECT_EQ(raised([] { throw 1; }),
              "RuntimeError: an exception that is no std::exception");
}

}  // namespace
}  // namespace backdoor::test
