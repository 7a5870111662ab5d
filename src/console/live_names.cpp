#include "console/live_names.hpp"

#include "console/border.hpp"

#include <new>

namespace backdoor {

namespace {

struct live {
    std::vector<locals::entry> names;
    std::shared_ptr<const access_path> path;
};

struct live_dict {
    PyDictObject dict;
    live* content;
};

live& of(PyObject* self) { return *reinterpret_cast<live_dict*>(self)->content; }

const locals::entry* find(PyObject* self, PyObject* name) {
    for (const auto& one : of(self).names) {
        if (PyUnicode_Check(name) &&
            PyUnicode_CompareWithASCIIString(name, one.name.c_str()) == 0) {
            return &one;
        }
    }
    return nullptr;
}

PyObject* subscript(PyObject* self, PyObject* name) {
    return at_border([&]() -> PyObject* {
        PyObject* const bound = PyDict_GetItemWithError(self, name);
        if (bound != nullptr) {
            return ref::share(bound).release();
        }
        if (PyErr_Occurred() != nullptr) {
            return nullptr;
        }
        const auto* const one = find(self, name);
        if (one == nullptr) {
            PyErr_SetObject(PyExc_KeyError, name);
            return nullptr;
        }
        const auto path = of(self).path;
        return to_python(path->call(one->getter), path).release();
    });
}

/// dict.keys() and with it dir(): the live names are names too.
PyObject* keys(PyObject* self, PyObject*) {
    return at_border([&] {
        const auto all = checked(PyDict_Copy(self));
        for (const auto& one : of(self).names) {
            check(PyDict_SetItemString(all.get(), one.name.c_str(), Py_None));
        }
        return checked(PyDict_Keys(all.get())).release();
    });
}

PyObject* get(PyObject* self, PyObject* arguments) {
    return at_border([&]() -> PyObject* {
        PyObject* name = nullptr;
        PyObject* otherwise = Py_None;
        if (PyArg_ParseTuple(arguments, "O|O:get", &name, &otherwise) == 0) {
            return nullptr;
        }
        const int known = PyDict_Contains(self, name);
        if (known == 0 && find(self, name) == nullptr) {
            return ref::share(otherwise).release();
        }
        return known < 0 ? nullptr : subscript(self, name);
    });
}

int contains(PyObject* self, PyObject* name) {
    const int known = PyDict_Contains(self, name);
    return known != 0 ? known : static_cast<int>(find(self, name) != nullptr);
}

void dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    delete reinterpret_cast<live_dict*>(self)->content;
    PyDict_Type.tp_dealloc(self);
    Py_DECREF(type);
}

PyTypeObject* live_type() {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyMethodDef methods[] = {
            {"keys", keys, METH_NOARGS, nullptr},
            {"get", get, METH_VARARGS, nullptr},
            {nullptr, nullptr, 0, nullptr},
        };
        static PyType_Slot slots[] = {
            {Py_mp_subscript, reinterpret_cast<void*>(subscript)},
            {Py_sq_contains, reinterpret_cast<void*>(contains)},
            {Py_tp_methods, methods},
            {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
            {0, nullptr},
        };
        static PyType_Spec spec{"backdoor.live_dict", sizeof(live_dict), 0, Py_TPFLAGS_DEFAULT,
                                slots};
        type = reinterpret_cast<PyTypeObject*>(
            checked(PyType_FromSpecWithBases(&spec, reinterpret_cast<PyObject*>(&PyDict_Type)))
                .release());
    }
    return type;
}

}  // namespace

ref make_live_dict(std::vector<locals::entry> names, std::shared_ptr<const access_path> path) {
    auto self = checked(PyObject_CallNoArgs(reinterpret_cast<PyObject*>(live_type())));
    reinterpret_cast<live_dict*>(self.get())->content =
        new live{std::move(names), std::move(path)};
    return self;
}

}  // namespace backdoor
