#include "console/program_code.hpp"

#include "console/border.hpp"

namespace backdoor {

namespace {

bool has_value(program::kind what) {
    return what == program::kind::expression || what == program::kind::json;
}

/// A file's bytes may say in which encoding they are; what was typed is UTF-8.
ref source_of(const program& what) {
    if (what.what == program::kind::file) {
        return checked(PyBytes_FromStringAndSize(what.source.data(),
                                                 static_cast<Py_ssize_t>(what.source.size())));
    }
    return to_str(what.source);
}

ref to_json(PyObject* value) {
    const auto json = checked(PyImport_ImportModule("json"));
    const auto dumps = checked(PyObject_GetAttrString(json.get(), "dumps"));
    const auto positional = checked(PyTuple_Pack(1, value));
    // JSON has no NaN.
    const auto named = checked(Py_BuildValue("{sO}", "allow_nan", Py_False));
    return checked(PyObject_Call(dumps.get(), positional.get(), named.get()));
}

/// json's own words say what it was that could not be told; the way there is no news.
void say_why(PyObject* value) {
    if (PyErr_ExceptionMatches(PyExc_TypeError) == 0 &&
        PyErr_ExceptionMatches(PyExc_ValueError) == 0) {
        return;
    }
    const auto cause = ref::take(compat::take_exception());
    PyErr_Format(PyExc_TypeError, "this %.200s cannot be told as JSON: %S",
                 Py_TYPE(value)->tp_name, cause.get());
}

}  // namespace

ref compile_program(const program& what) {
    PyObject* const compile = PyDict_GetItemString(PyEval_GetBuiltins(), "compile");
    if (compile == nullptr) {
        PyErr_SetString(PyExc_RuntimeError, "lost builtins.compile");
        throw python_error{};
    }
    const auto compiled = [&](PyObject* source, const char* mode, int flags) {
        // Nothing of the flags of the code that happens to run here: there is none.
        return checked(PyObject_CallFunction(compile, "OssiO", source, what.name.c_str(), mode,
                                             flags, Py_True));
    };
    const auto source = source_of(what);
    if (what.what != program::kind::typed) {
        return compiled(source.get(), has_value(what.what) ? "eval" : "exec", 0);
    }
    // A prompt takes one statement at a time, its syntax trees any number.
    const auto ast = checked(PyImport_ImportModule("ast"));
    const auto module = compiled(source.get(), "exec", PyCF_ONLY_AST);
    const auto body = checked(PyObject_GetAttrString(module.get(), "body"));
    const auto tree =
        checked(PyObject_CallMethod(ast.get(), "Interactive", "O", body.get()));
    return compiled(tree.get(), "single", 0);
}

ref program_arguments(const program& what) {
    auto list = checked(PyList_New(0));
    for (const auto& one : what.arguments) {
        check(PyList_Append(list.get(), to_str(one).get()));
    }
    return list;
}

void print_value(program::kind how, PyObject* value) {
    const auto out = ref::share(PySys_GetObject("stdout"));
    if (!out) {
        PyErr_SetString(PyExc_RuntimeError, "lost sys.stdout");
        throw python_error{};
    }
    if (how == program::kind::json) {
        ref text;
        try {
            text = to_json(value);
        } catch (const python_error&) {
            say_why(value);
            throw;
        }
        check(PyFile_WriteObject(text.get(), out.get(), Py_PRINT_RAW));
    } else {
        check(PyFile_WriteObject(value, out.get(), 0));
    }
    check(PyFile_WriteString("\n", out.get()));
}

}  // namespace backdoor
