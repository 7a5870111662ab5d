#include "console/completion_parameters.hpp"

#include "console/border.hpp"
#include "console/completion_lookup.hpp"
#include "console/exposed_function.hpp"
#include "console/reflection/cpp_values.hpp"

#include <algorithm>

namespace backdoor {

namespace {

/// The commas of a signature that stand between parameters, and its end.
std::vector<std::size_t> ends_of_parameters(std::string_view signature) {
    std::vector<std::size_t> ends;
    int depth = 0;
    char quote = '\0';
    for (std::size_t at = 0; at < signature.size(); ++at) {
        const char c = signature[at];
        if (quote != '\0') {
            if (c == '\\') {
                ++at;
            } else if (c == quote) {
                quote = '\0';
            }
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '(' || c == '[' || c == '{') {
            ++depth;
        } else if ((c == ',' && depth == 1) ||
                   ((c == ')' || c == ']' || c == '}') && --depth == 0)) {
            ends.push_back(at);
        }
    }
    return ends;
}

void add(const words& names, const std::string& begun, words& out) {
    for (const auto& name : names) {
        if (name.starts_with(begun)) {
            out.push_back(name + "=");
        }
    }
}

/// Of a function that is written in Python.
words parameters_in_code(PyObject* function, const std::string& begun) {
    const ref code = ref::share(PyFunction_GET_CODE(function));
    const auto number = [&](const char* name) {
        return PyLong_AsSsize_t(checked(PyObject_GetAttrString(code.get(), name)).get());
    };
    const auto all = checked(PyObject_GetAttrString(code.get(), "co_varnames"));
    const auto named =
        checked(PySequence_GetSlice(all.get(), number("co_posonlyargcount"),
                                    number("co_argcount") + number("co_kwonlyargcount")));
    words found;
    add_names(named.get(), begun, found);
    found.erase(std::remove_if(found.begin(), found.end(),
                               [](const auto& name) { return name == "self" || name == "cls"; }),
                found.end());
    return found;
}

/// Of what is written in C.
words parameters_in_signature(PyObject* callable) {
    // Reading it runs no code but the interpreter's own.
    if (Py_TYPE(callable) != &PyCFunction_Type && Py_TYPE(callable) != &PyMethodDescr_Type &&
        Py_TYPE(callable) != &PyType_Type) {
        return {};
    }
    const auto signature = ref::take(PyObject_GetAttrString(callable, "__text_signature__"));
    if (!signature || PyUnicode_Check(signature.get()) == 0) {
        PyErr_Clear();
        return {};
    }
    return named_parameters(text_of(signature.get()));
}

/// What is run when a class is called, where that is written in Python; else the class.
ref callee_of_class(const ref& type) {
    for (const auto* name : {"__init__", "__new__"}) {
        if (auto method = find_attribute(type, name);
            method && PyFunction_Check(method.get()) != 0) {
            return method;
        }
    }
    return type;
}

}  // namespace

words named_parameters(std::string_view signature) {
    words names;
    const auto ends = ends_of_parameters(signature);
    std::size_t begin = 1;
    for (const auto end : ends) {
        auto one = signature.substr(begin, end - begin);
        one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
        begin = end + 1;
        if (one == "/") {
            names.clear();
        } else if (!one.empty() && one[0] != '*' && one[0] != '$') {
            names.emplace_back(one.substr(0, one.find_first_of(":= ")));
        }
    }
    return names;
}

void add_parameters(const ref& callable, const std::string& begun, words& out) {
    if (!callable) {
        return;
    }
    const auto function = PyType_Check(callable.get()) ? callee_of_class(callable) : callable;
    for (const auto& parameter : exposed_parameters(function.get())) {
        add({parameter.name}, begun, out);
    }
    add(PyFunction_Check(function.get()) != 0 ? parameters_in_code(function.get(), begun)
                                              : parameters_in_signature(function.get()),
        begun, out);
}

}  // namespace backdoor
