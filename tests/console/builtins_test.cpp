#include "console/builtins.hpp"

#include "python_test.hpp"

namespace backdoor::test {
namespace {

class builtins_of_a_console : public with_python {
protected:
    static void set_real(const char* name, PyObject* value) {
        check(PyDict_SetItemString(PyEval_GetBuiltins(), name, value));
    }
    static bool has(const private_builtins& own, const char* name) {
        return PyDict_GetItemString(PyModule_GetDict(own.module().get()), name) != nullptr;
    }
};

TEST_F(builtins_of_a_console, look_like_the_real_ones) {
    const private_builtins own;
    EXPECT_EQ(repr(eval("it.len is len, it.__name__", own.module())), "(True, 'builtins')");
    EXPECT_FALSE(has(own, "_"));
}

TEST_F(builtins_of_a_console, follow_what_changes_in_the_real_ones) {
    private_builtins own;
    set_real("added_later", Py_True);
    own.follow();
    EXPECT_TRUE(has(own, "added_later"));
    check(PyDict_DelItemString(PyEval_GetBuiltins(), "added_later"));
    own.follow();
    EXPECT_FALSE(has(own, "added_later"));
}

TEST_F(builtins_of_a_console, keep_their_own_names) {
    private_builtins own;
    own.add("turn", Py_True);
    set_real("turn", Py_False);
    set_real("_", Py_False);
    own.follow();
    EXPECT_EQ(repr(eval("it.turn", own.module())), "True");
    EXPECT_FALSE(has(own, "_"));
    check(PyDict_DelItemString(PyEval_GetBuiltins(), "turn"));
    check(PyDict_DelItemString(PyEval_GetBuiltins(), "_"));
    own.follow();
    EXPECT_TRUE(has(own, "turn"));
}

TEST_F(builtins_of_a_console, are_not_the_applications) {
    private_builtins own;
    own.add("mine", Py_True);
    EXPECT_EQ(PyDict_GetItemString(PyEval_GetBuiltins(), "mine"), nullptr);
}

}  // namespace
}  // namespace backdoor::test
