// Python objects that hold a C++ value.
#pragma once

#include "console/ref.hpp"

#include <new>
#include <utility>

namespace backdoor {

template <class T>
struct holding_object {
    PyObject_HEAD
    alignas(T) unsigned char content[sizeof(T)];
};

/// The value in an object that make_holding<T>() made.
template <class T>
T& held(PyObject* self) {
    return *std::launder(reinterpret_cast<T*>(reinterpret_cast<holding_object<T>*>(self)->content));
}

/// Throws python_error.
template <class T>
ref make_holding(PyTypeObject* type, T content) {
    auto self = checked(PyType_GenericAlloc(type, 0));
    new (reinterpret_cast<holding_object<T>*>(self.get())->content) T{std::move(content)};
    return self;
}

/// Its type's tp_dealloc.
template <class T>
void dealloc_holding(PyObject* self) {
    PyTypeObject* const type = Py_TYPE(self);
    held<T>(self).~T();
    type->tp_free(self);
    Py_DECREF(type);
}

/// A type whose objects hold a T. `slots` ends with {0, nullptr} and needs no Py_tp_dealloc before.
template <class T>
PyTypeObject* make_holding_type(const char* name, PyType_Slot* slots) {
    PyType_Spec spec{name, static_cast<int>(sizeof(holding_object<T>)), 0, Py_TPFLAGS_DEFAULT,
                     slots};
    return reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)).release());
}

/// For slots, which hold functions of many types.
template <class F>
void* slot(F* function) {
    return reinterpret_cast<void*>(function);
}

}  // namespace backdoor
