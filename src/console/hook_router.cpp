#include "console/hook_router.hpp"

#include "console/border.hpp"
#include "console/display.hpp"
#include "console/sys_routing.hpp"

#include <string>

namespace backdoor {

namespace {

struct hook_object {
    PyObject_HEAD
    sys_name slot;
    routed what;
    const char* name;
    ref* application;
};

hook_object& of(PyObject* self) { return *reinterpret_cast<hook_object*>(self); }

PyObject* call_original(const hook_object& hook, PyObject* arguments, PyObject* keywords) {
    const auto name = "__" + std::string{hook.name} + "__";
    const auto original = ref::share(PySys_GetObject(name.c_str()));
    if (!original) {
        PyErr_Format(PyExc_RuntimeError, "lost sys.%s", name.c_str());
        return nullptr;
    }
    return PyObject_Call(original.get(), arguments, keywords);
}

PyObject* call_own(console_state& console, PyObject* self, PyObject* arguments,
                   PyObject* keywords) {
    const auto& hook = of(self);
    if (hook.what == routed::current) {
        const auto own = ref::share(required(console, hook.slot));
        return PyObject_Call(own.get(), arguments, keywords);
    }
    if (hook.slot != sys_name::displayhook) {
        return call_original(hook, arguments, keywords);
    }
    if (const auto count = PyTuple_GET_SIZE(arguments); count != 1) {
        return PyErr_Format(PyExc_TypeError,
                            "sys.displayhook() takes exactly one argument (%zd given)", count);
    }
    display(PyTuple_GET_ITEM(arguments, 0));
    Py_RETURN_NONE;
}

PyObject* call(PyObject* self, PyObject* arguments, PyObject* keywords) {
    return at_border([&]() -> PyObject* {
        if (auto* const console = current_console()) {
            return call_own(*console, self, arguments, keywords);
        }
        const ref application = *of(self).application;
        if (!application) {
            PyErr_Format(PyExc_RuntimeError, "lost sys.%s", of(self).name);
            return nullptr;
        }
        return PyObject_Call(application.get(), arguments, keywords);
    });
}

PyObject* repr(PyObject* self) { return PyUnicode_FromFormat("<built-in function %s>", of(self).name); }

}  // namespace

ref make_hook_router(sys_name slot, routed what, const char* name, ref& application) {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyType_Slot slots[] = {
            {Py_tp_call, reinterpret_cast<void*>(call)},
            {Py_tp_repr, reinterpret_cast<void*>(repr)},
            {0, nullptr},
        };
        static PyType_Spec spec{"backdoor.hook", sizeof(hook_object), 0, Py_TPFLAGS_DEFAULT, slots};
        type = reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)).release());
    }
    auto self = checked(PyType_GenericAlloc(type, 0));
    of(self.get()).slot = slot;
    of(self.get()).what = what;
    of(self.get()).name = name;
    of(self.get()).application = &application;
    return self;
}

}  // namespace backdoor
