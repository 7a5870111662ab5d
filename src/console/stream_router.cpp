#include "console/stream_router.hpp"

#include "console/border.hpp"
#include "console/sys_routing.hpp"

namespace backdoor {

namespace {

struct router_object {
    PyObject_HEAD
    sys_name slot;
    routed what;
    ref* application;
};

router_object& of(PyObject* self) { return *reinterpret_cast<router_object*>(self); }

/// What it stands for now; None where there is no stream: then output is dropped.
ref target(PyObject* self) {
    auto& router = of(self);
    if (auto* const console = current_console()) {
        const ref& own = console->streams[static_cast<std::size_t>(router.slot)];
        if (router.what == routed::original) {
            return own;
        }
        PyObject* const value = required(*console, router.slot);
        return sys_routing::is_original(value, router.slot) ? own : ref::share(value);
    }
    if (in_former_console()) {
        return ref::share(Py_None);
    }
    if (!*router.application) {
        PyErr_Format(PyExc_RuntimeError, "lost sys.%s", name_of(router.slot));
        throw python_error{};
    }
    return *router.application;
}

PyObject* drop(PyObject*, PyObject* const*, Py_ssize_t) { Py_RETURN_NONE; }

PyMethodDef drop_method{"write", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(drop)),
                        METH_FASTCALL, nullptr};

bool is_output_method(PyObject* name) {
    return PyUnicode_CompareWithASCIIString(name, "write") == 0 ||
           PyUnicode_CompareWithASCIIString(name, "flush") == 0;
}

PyObject* get_attribute(PyObject* self, PyObject* name) {
    return at_border([&]() -> PyObject* {
        const auto stream = target(self);
        if (stream.get() == Py_None && is_output_method(name)) {
            return PyCFunction_New(&drop_method, nullptr);
        }
        return PyObject_GetAttr(stream.get(), name);
    });
}

int set_attribute(PyObject* self, PyObject* name, PyObject* value) {
    return at_border([&] { return PyObject_SetAttr(target(self).get(), name, value); });
}

PyObject* repr(PyObject* self) {
    return at_border([&] { return PyObject_Repr(target(self).get()); });
}

PyObject* iterate(PyObject* self) {
    return at_border([&] { return PyObject_GetIter(target(self).get()); });
}

PyObject* next(PyObject* self) {
    return at_border([&] { return PyIter_Next(target(self).get()); });
}

PyObject* enter(PyObject* self, PyObject*) {
    Py_INCREF(self);
    return self;
}

PyObject* exit(PyObject* self, PyObject*) { return PyObject_CallMethod(self, "close", nullptr); }

}  // namespace

ref make_stream_router(sys_name slot, routed what, ref& application) {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyMethodDef methods[] = {
            {"__enter__", enter, METH_NOARGS, nullptr},
            {"__exit__", exit, METH_VARARGS, nullptr},
            {nullptr, nullptr, 0, nullptr},
        };
        static PyType_Slot slots[] = {
            {Py_tp_getattro, reinterpret_cast<void*>(get_attribute)},
            {Py_tp_setattro, reinterpret_cast<void*>(set_attribute)},
            {Py_tp_repr, reinterpret_cast<void*>(repr)},
            {Py_tp_iter, reinterpret_cast<void*>(iterate)},
            {Py_tp_iternext, reinterpret_cast<void*>(next)},
            {Py_tp_methods, methods},
            {0, nullptr},
        };
        static PyType_Spec spec{"backdoor.stream", sizeof(router_object), 0, Py_TPFLAGS_DEFAULT,
                                slots};
        type = reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)).release());
    }
    auto self = checked(PyType_GenericAlloc(type, 0));
    of(self.get()).slot = slot;
    of(self.get()).what = what;
    of(self.get()).application = &application;
    return self;
}

}  // namespace backdoor
