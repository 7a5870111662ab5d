#include "console/builtins.hpp"

#include "console/compat.hpp"

namespace backdoor {

namespace {

PyObject* real_builtins() { return PyEval_GetBuiltins(); }

}  // namespace

private_builtins::private_builtins()
    : module_{checked(PyModule_New("builtins"))}, own_names_{checked(PySet_New(nullptr))} {
    add("_", Py_None);
    check(PyDict_DelItemString(PyModule_GetDict(module_.get()), "_"));
    follow();
}

void private_builtins::add(const char* name, PyObject* value) {
    const auto key = checked(PyUnicode_FromString(name));
    check(PySet_Add(own_names_.get(), key.get()));
    check(PyDict_SetItem(PyModule_GetDict(module_.get()), key.get(), value));
}

void private_builtins::follow() {
    PyObject* const real = real_builtins();
    const auto version = compat::dict_version(real);
    if (version == version_) {
        return;
    }
    version_ = version;
    PyObject* const mine = PyModule_GetDict(module_.get());
    const auto known = checked(PyDict_Keys(mine));
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(known.get()); ++i) {
        PyObject* const name = PyList_GET_ITEM(known.get(), i);
        if (PyDict_Contains(real, name) == 0 && PySet_Contains(own_names_.get(), name) == 0) {
            check(PyDict_DelItem(mine, name));
        }
    }
    PyObject* name = nullptr;
    PyObject* value = nullptr;
    for (Py_ssize_t i = 0; PyDict_Next(real, &i, &name, &value) != 0;) {
        if (PySet_Contains(own_names_.get(), name) == 0) {
            check(PyDict_SetItem(mine, name, value));
        }
    }
}

}  // namespace backdoor
