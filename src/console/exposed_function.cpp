#include "console/exposed_function.hpp"

#include "console/border.hpp"
#include "console/holding.hpp"
#include "console/standard_values.hpp"

namespace backdoor {

namespace {

struct callee {
    std::shared_ptr<const function> callable;
    std::shared_ptr<const access_path> path;
};

callee& of(PyObject* self) { return held<callee>(self); }

arguments collect(PyObject* positional, PyObject* keywords) {
    arguments given;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(positional); ++i) {
        given.positional.push_back(from_python(PyTuple_GET_ITEM(positional, i)));
    }
    PyObject* key = nullptr;
    PyObject* item = nullptr;
    for (Py_ssize_t i = 0; keywords != nullptr && PyDict_Next(keywords, &i, &key, &item) != 0;) {
        given.keywords.emplace(from_python(key).as<std::string>(), from_python(item));
    }
    return given;
}

PyObject* call(PyObject* self, PyObject* positional, PyObject* keywords) {
    return at_border([&] {
        const auto [callable, path] = of(self);
        try {
            const auto given = collect(positional, keywords);
            // The pieces are shared: the loop may run this after its console has given up.
            const auto result =
                path->call([callable = callable, given] { return callable->call(given); });
            return to_python(result, path).release();
        } catch (const bad_argument& failure) {
            throw bad_argument{callable->name + "(): " + failure.what()};
        }
    });
}

PyObject* repr(PyObject* self) {
    return PyUnicode_FromFormat("<C++ function %s>", of(self).callable->name.c_str());
}

PyObject* get_name(PyObject* self, void*) {
    return at_border([&] { return to_str(of(self).callable->name).release(); });
}

PyObject* get_documentation(PyObject* self, void*) {
    return at_border([&] {
        const auto& text = of(self).callable->documentation;
        return (text.empty() ? ref::share(Py_None) : to_str(text)).release();
    });
}

PyObject* get_signature(PyObject* self, void*) {
    return at_border([&] { return make_signature(of(self).callable->parameters, false).release(); });
}

/// As functions have it, so that help() takes it for one; as an attribute of a class it is a static one.
PyObject* get_itself(PyObject* self, PyObject*, PyObject*) { return ref::share(self).release(); }

PyTypeObject* function_type() {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyGetSetDef properties[] = {
            {"__name__", get_name, nullptr, nullptr, nullptr},
            {"__qualname__", get_name, nullptr, nullptr, nullptr},
            {"__doc__", get_documentation, nullptr, nullptr, nullptr},
            {"__signature__", get_signature, nullptr, nullptr, nullptr},
            {nullptr, nullptr, nullptr, nullptr, nullptr},
        };
        static PyType_Slot slots[] = {
            {Py_tp_call, slot(call)},
            {Py_tp_repr, slot(repr)},
            {Py_tp_getset, properties},
            {Py_tp_descr_get, slot(get_itself)},
            {Py_tp_dealloc, slot(dealloc_holding<callee>)},
            {0, nullptr},
        };
        type = make_holding_type<callee>("backdoor.cpp_function", slots);
    }
    return type;
}

}  // namespace

ref make_exposed_function(std::shared_ptr<const function> callable,
                          std::shared_ptr<const access_path> path) {
    return make_holding<callee>(function_type(), {std::move(callable), std::move(path)});
}

ref make_signature(const std::vector<parameter>& parameters, bool has_self) {
    if (parameters.empty()) {
        PyErr_SetString(PyExc_AttributeError, "its parameters have no names");
        throw python_error{};
    }
    const auto type = attribute_of_module("inspect", "Parameter");
    const auto kind = checked(PyObject_GetAttrString(type.get(), "POSITIONAL_OR_KEYWORD"));
    const auto all = checked(PyList_New(0));
    const auto add = [&](const char* name, const ref& keywords) {
        const auto arguments = checked(Py_BuildValue("(sO)", name, kind.get()));
        check(PyList_Append(
            all.get(), checked(PyObject_Call(type.get(), arguments.get(), keywords.get())).get()));
    };
    const auto none_given = checked(PyDict_New());
    const auto may_be_left_out = checked(Py_BuildValue("{s:O}", "default", Py_None));
    if (has_self) {
        add("self", none_given);
    }
    for (const auto& one : parameters) {
        add(one.name.c_str(), one.is_optional ? may_be_left_out : none_given);
    }
    return checked(PyObject_CallOneArg(attribute_of_module("inspect", "Signature").get(), all.get()));
}

std::vector<parameter> parameters_of_function(PyObject* callable) {
    return Py_TYPE(callable) == function_type() ? of(callable).callable->parameters
                                                : std::vector<parameter>{};
}

}  // namespace backdoor
