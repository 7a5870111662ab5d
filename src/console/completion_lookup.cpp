#include "console/completion_lookup.hpp"

#include "console/border.hpp"
#include "console/exposed_object.hpp"
#include "console/reflection/cpp_values.hpp"
#include "console/standard_values.hpp"

#include <cstdlib>
#include <string>

namespace backdoor {

namespace {

/// Live names are not read: they are the host's.
ref find_name(const scope& names, const std::string& name) {
    PyObject* found = PyDict_GetItemString(names.globals.get(), name.c_str());
    if (found == nullptr) {
        found = PyDict_GetItemString(names.builtins.get(), name.c_str());
    }
    return ref::share(found);
}

bool is_exactly_str(PyObject* object) { return PyUnicode_CheckExact(object) != 0; }

/// Without asking any other object whether it is equal.
ref find_key(PyObject* dict, const std::string& text) {
    const auto wanted = to_str(text);
    Py_ssize_t at = 0;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    while (PyDict_Next(dict, &at, &key, &value) != 0) {
        if (is_exactly_str(key) && PyUnicode_Compare(key, wanted.get()) == 0) {
            return ref::share(value);
        }
    }
    return {};
}

ref find_number(PyObject* object, Py_ssize_t number) {
    if (is_plain_dict(object)) {
        Py_ssize_t at = 0;
        PyObject* key = nullptr;
        PyObject* value = nullptr;
        while (PyDict_Next(object, &at, &key, &value) != 0) {
            int overflow = 0;
            if (PyLong_CheckExact(key) && PyLong_AsLongAndOverflow(key, &overflow) == number &&
                overflow == 0) {
                return ref::share(value);
            }
        }
        return {};
    }
    const bool is_list = PyList_CheckExact(object) != 0;
    if (!is_list && PyTuple_CheckExact(object) == 0) {
        return {};
    }
    const auto size = PySequence_Fast_GET_SIZE(object);
    const auto place = number < 0 ? number + size : number;
    return place < 0 || place >= size ? ref{} : ref::share(PySequence_Fast_GET_ITEM(object, place));
}

/// Of a plain dict, exactly a list or tuple, and of C++ objects: a subclass may do anything when
/// asked.
ref find_item(const ref& object, const completion_context::step& step) {
    const bool is_key = step.what == completion_context::step::kind::key;
    const Py_ssize_t number = is_key ? 0 : std::strtol(step.text.c_str(), nullptr, 10);
    if (is_reflected(object.get())) {
        const auto index = is_key ? to_str(step.text) : checked(PyLong_FromSsize_t(number));
        return checked(PyObject_GetItem(object.get(), index.get()));
    }
    if (!is_key) {
        return find_number(object.get(), number);
    }
    return is_plain_dict(object.get()) ? find_key(object.get(), step.text) : ref{};
}

ref find_first(const scope& names, const completion_context::step& step) {
    switch (step.what) {
        case completion_context::step::kind::string:
            return to_str({});
        case completion_context::step::kind::bytes:
            return checked(PyBytes_FromString(""));
        default:
            return find_name(names, step.text);
    }
}

}  // namespace

scope::scope(console_state& console)
    : globals{console.globals},
      builtins{ref::share(PyModule_GetDict(console.builtins.module().get()))} {}

bool is_plain_dict(PyObject* object) {
    const auto* const ways = Py_TYPE(object)->tp_as_mapping;
    return PyDict_Check(object) != 0 && ways != nullptr &&
           ways->mp_subscript == PyDict_Type.tp_as_mapping->mp_subscript;
}

ref find_attribute(const ref& object, const std::string& name) {
    if (const auto* const of = exposed_description(object.get())) {
        return exposed_member(*of, name);
    }
    if (is_reflected(object.get())) {
        return checked(PyObject_GetAttrString(object.get(), name.c_str()));
    }
    static constexpr const char* runs_code = "__get__";
    const auto found = checked(PyObject_CallFunction(
        attribute_of_module("inspect", "getattr_static").get(), "Os", object.get(), name.c_str()));
    const bool is_function =
        PyFunction_Check(found.get()) != 0 || Py_TYPE(found.get()) == &PyMethodDescr_Type;
    if (is_function) {
        return found;
    }
    const bool holds_function =
        Py_TYPE(found.get()) == &PyStaticMethod_Type || Py_TYPE(found.get()) == &PyClassMethod_Type;
    if (holds_function) {
        return checked(PyObject_GetAttrString(found.get(), "__func__"));
    }
    const auto type = reinterpret_cast<PyObject*>(Py_TYPE(found.get()));
    return PyObject_HasAttrString(type, runs_code) != 0 ? ref{} : found;
}

ref find(const scope& names, const completion_context::expression& steps) {
    if (steps.empty()) {
        return {};
    }
    ref object = find_first(names, steps.front());
    for (auto step = steps.begin() + 1; object && step != steps.end(); ++step) {
        object = step->what == completion_context::step::kind::name
                     ? find_attribute(object, step->text)
                     : find_item(object, *step);
    }
    return object;
}

}  // namespace backdoor
