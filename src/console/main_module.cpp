#include "console/main_module.hpp"

#include "console/border.hpp"
#include "console/console_state.hpp"
#include "console/interpreter.hpp"

namespace backdoor {

namespace {

bool is_dict_attribute(PyObject* name) {
    return PyUnicode_CompareWithASCIIString(name, "__dict__") == 0;
}

PyObject* get_attribute(PyObject* self, PyObject* name) {
    auto* const console = current_console();
    if (console == nullptr) {
        return PyModule_Type.tp_getattro(self, name);
    }
    if (is_dict_attribute(name)) {
        return ref{console->globals}.release();
    }
    const auto found = ref::take(PyObject_GetItem(console->globals.get(), name));
    if (found) {
        return ref{found}.release();
    }
    PyErr_Clear();
    return PyModule_Type.tp_getattro(self, name);
}

int set_attribute(PyObject* self, PyObject* name, PyObject* value) {
    auto* const console = current_console();
    if (console == nullptr) {
        return PyModule_Type.tp_setattro(self, name, value);
    }
    if (value == nullptr) {
        return PyObject_DelItem(console->globals.get(), name);
    }
    return PyObject_SetItem(console->globals.get(), name, value);
}

PyObject* list_names(PyObject* self, PyObject*) {
    return at_border([&]() -> PyObject* {
        auto* const console = current_console();
        const auto dict = console != nullptr ? console->globals
                                             : ref::share(PyModule_GetDict(self));
        return PyMapping_Keys(dict.get());
    });
}

int users = 0;

PyObject* get_also_what_was_typed(PyObject* self, PyObject* name) {
    PyObject* const own = PyModule_Type.tp_getattro(self, name);
    if (own != nullptr || PyErr_ExceptionMatches(PyExc_AttributeError) == 0) {
        return own;
    }
    auto not_found = ref::take(compat::take_exception());
    auto* const console = current_console();
    auto typed = ref::take(
        console != nullptr ? PyObject_GetItem(ref{console->globals}.get(), name) : nullptr);
    if (!typed) {
        PyErr_Clear();
        compat::set_exception(not_found.release());
    }
    return typed.release();
}

PyTypeObject* program_type() {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyType_Slot slots[] = {
            {Py_tp_getattro, reinterpret_cast<void*>(get_also_what_was_typed)},
            {0, nullptr},
        };
        static PyType_Spec spec{"builtins.module", 0, 0, Py_TPFLAGS_DEFAULT, slots};
        type = reinterpret_cast<PyTypeObject*>(
            checked(PyType_FromSpecWithBases(&spec, reinterpret_cast<PyObject*>(&PyModule_Type)))
                .release());
    }
    return type;
}

void change_program_type(PyTypeObject* from, PyTypeObject* to) {
    PyObject* const main = PyImport_AddModule("__main__");
    if (main == nullptr) {
        throw python_error{};
    }
    if (Py_TYPE(main) == from) {
        check(PyObject_SetAttrString(main, "__class__", reinterpret_cast<PyObject*>(to)));
    }
}

}  // namespace

main_routing::main_routing() {
    if (!interpreter_is_ours() && users == 0) {
        change_program_type(&PyModule_Type, program_type());
    }
    ++users;
}

main_routing::~main_routing() {
    if (--users > 0 || interpreter_is_ours()) {
        return;
    }
    try {
        change_program_type(program_type(), &PyModule_Type);
    } catch (const python_error&) {
        PyErr_Clear();
    }
}

void route_main_module() {
    static PyMethodDef methods[] = {
        {"__dir__", list_names, METH_NOARGS, nullptr},
        {nullptr, nullptr, 0, nullptr},
    };
    static PyType_Slot slots[] = {
        {Py_tp_getattro, reinterpret_cast<void*>(get_attribute)},
        {Py_tp_setattro, reinterpret_cast<void*>(set_attribute)},
        {Py_tp_methods, methods},
        {0, nullptr},
    };
    static PyType_Spec spec{"builtins.module", 0, 0, Py_TPFLAGS_DEFAULT, slots};
    const auto type = ref::take(
        PyType_FromSpecWithBases(&spec, reinterpret_cast<PyObject*>(&PyModule_Type)));
    PyObject* const main = PyImport_AddModule("__main__");
    if (!type || main == nullptr ||
        PyObject_SetAttrString(main, "__class__", type.get()) < 0) {
        PyErr_Clear();
    }
}

}  // namespace backdoor
