#include "console/loop_coroutine.hpp"

#include "console/border.hpp"
#include "console/holding.hpp"
#include "console/loop_call.hpp"

#include <utility>

namespace backdoor {

namespace {

using content = std::shared_ptr<loop_call>;

loop_call& of(PyObject* self) { return *held<content>(self); }

PyObject* send(PyObject* self, PyObject* arguments) {
    return at_border([&] { return of(self).step("send", arguments); });
}

PyObject* throw_into(PyObject* self, PyObject* arguments) {
    return at_border([&] { return of(self).step("throw", arguments); });
}

PyObject* close(PyObject* self, PyObject*) {
    return at_border(
        [&] { return PyObject_CallMethod(of(self).coroutine().get(), "close", nullptr); });
}

PyObject* next(PyObject* self) {
    return at_border(
        [&] { return of(self).step("send", checked(PyTuple_Pack(1, Py_None)).get()); });
}

PyObject* begin(PyObject* self, PyObject*, PyObject*) {
    return at_border([&] {
        of(self).begin(self);
        return ref::share(Py_None).release();
    });
}

/// What shows tasks looks at the coroutine's own.
PyObject* get_attribute(PyObject* self, PyObject* name) {
    PyObject* const own = PyObject_GenericGetAttr(self, name);
    if (own != nullptr || PyErr_ExceptionMatches(PyExc_AttributeError) == 0 ||
        !of(self).coroutine()) {
        return own;
    }
    PyErr_Clear();
    return PyObject_GetAttr(of(self).coroutine().get(), name);
}

}  // namespace

ref make_coroutine(std::shared_ptr<loop_call> call) {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyMethodDef methods[] = {
            {"send", send, METH_VARARGS, nullptr},
            {"throw", throw_into, METH_VARARGS, nullptr},
            {"close", close, METH_NOARGS, nullptr},
            {nullptr, nullptr, 0, nullptr},
        };
        static PyType_Slot slots[] = {
            {Py_tp_methods, methods},
            {Py_tp_call, slot(begin)},
            {Py_tp_iter, slot(PyObject_SelfIter)},
            {Py_tp_iternext, slot(next)},
            {Py_am_await, slot(PyObject_SelfIter)},
            {Py_tp_getattro, slot(get_attribute)},
            {Py_tp_dealloc, slot(dealloc_holding<content>)},
            {0, nullptr},
        };
        type = make_holding_type<content>("backdoor.loop_call", slots);
    }
    return make_holding<content>(type, std::move(call));
}

}  // namespace backdoor
