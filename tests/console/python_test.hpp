// Tests of code that needs Python, which runs as long as the test program.
#pragma once

#include "console/attendant.hpp"
#include "console/border.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace backdoor::test {

/// Holds the GIL during each test.
class with_python : public testing::Test {
protected:
    void SetUp() override {
        attendant::get().start_python();
        gil_ = std::make_unique<gil_held>();
    }
    void TearDown() override {
        PyErr_Clear();
        gil_.reset();
    }

    /// The value of an expression, for which `name` is bound to `argument`.
    static ref eval(const std::string& expression, const ref& argument = {}) {
        const auto scope = checked(PyDict_New());
        check(PyDict_SetItemString(scope.get(), "__builtins__", PyEval_GetBuiltins()));
        if (argument) {
            check(PyDict_SetItemString(scope.get(), "it", argument.get()));
        }
        return checked(PyRun_String(expression.c_str(), Py_eval_input, scope.get(), scope.get()));
    }
    static std::string repr(const ref& object) {
        return PyUnicode_AsUTF8(checked(PyObject_Repr(object.get())).get());
    }
    /// The exception that is set, as "Type: text"; clears it.
    static std::string take_error() {
        const auto error = ref::take(compat::take_exception());
        return error ? std::string{Py_TYPE(error.get())->tp_name} + ": " +
                           PyUnicode_AsUTF8(checked(PyObject_Str(error.get())).get())
                     : "none";
    }

private:
    std::unique_ptr<gil_held> gil_;
};

}  // namespace backdoor::test
