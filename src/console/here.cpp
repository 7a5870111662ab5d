#include "console/here.hpp"

#include "console/border.hpp"
#include "console/console_state.hpp"

namespace backdoor {

namespace {

struct bound_object {
    PyObject_HEAD
    PyObject* callable;
    PyObject* context;
};

bound_object& of(PyObject* self) { return *reinterpret_cast<bound_object*>(self); }

PyObject* call(PyObject* self, PyObject* arguments, PyObject* keywords) {
    return at_border([&] {
        // A copy for each call: a context cannot be entered by two threads at a time.
        const auto context = checked(PyContext_Copy(of(self).context));
        check(PyContext_Enter(context.get()));
        auto result = ref::take(PyObject_Call(of(self).callable, arguments, keywords));
        // Leaving a context that was entered cannot fail, and keeps an exception that is set.
        PyContext_Exit(context.get());
        return result.release();
    });
}

PyObject* repr(PyObject* self) { return PyUnicode_FromFormat("here(%R)", of(self).callable); }

int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(of(self).callable);
    Py_VISIT(of(self).context);
    return 0;
}

int clear(PyObject* self) {
    Py_CLEAR(of(self).callable);
    Py_CLEAR(of(self).context);
    return 0;
}

void dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

PyTypeObject* bound_type() {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyType_Slot slots[] = {
            {Py_tp_call, reinterpret_cast<void*>(call)},
            {Py_tp_repr, reinterpret_cast<void*>(repr)},
            {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
            {Py_tp_clear, reinterpret_cast<void*>(clear)},
            {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
            {0, nullptr},
        };
        static PyType_Spec spec{"backdoor.bound_here", sizeof(bound_object), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};
        type = reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)).release());
    }
    return type;
}

PyObject* bind(PyObject*, PyObject* callable) {
    return at_border([&]() -> PyObject* {
        if (PyCallable_Check(callable) == 0) {
            return PyErr_Format(PyExc_TypeError, "here(f): f must be callable, not %R", callable);
        }
        auto context = checked(PyContext_CopyCurrent());
        auto self = checked(PyType_GenericAlloc(bound_type(), 0));
        of(self.get()).callable = ref::share(callable).release();
        of(self.get()).context = context.release();
        return self.release();
    });
}

}  // namespace

ref make_here_function() {
    static PyMethodDef definition{
        "here", bind, METH_O,
        "here(f) -> a callable: f, whose output comes to this console, whichever thread calls it.\n"
        "Without it what a thread prints goes to the application's output."};
    return checked(PyCFunction_New(&definition, nullptr));
}

}  // namespace backdoor
