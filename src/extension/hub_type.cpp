#include "extension/hub_type.hpp"

#include "console/attendant.hpp"
#include "console/border.hpp"

#include <utility>

namespace backdoor {

namespace {

struct hub_object {
    PyObject_HEAD
    std::shared_ptr<hub>* door;
};

hub_object& of(PyObject* self) { return *reinterpret_cast<hub_object*>(self); }

PyObject* make(PyTypeObject* type, PyObject* arguments, PyObject*) {
    return at_border([&]() -> PyObject* {
        PyObject* current = nullptr;
        PyObject* wait = nullptr;
        PyObject* watch = nullptr;
        PyObject* greenlet = nullptr;
        PyObject* exit = nullptr;
        if (PyArg_ParseTuple(arguments, "OOOOO", &current, &wait, &watch, &greenlet, &exit) == 0) {
            return nullptr;
        }
        auto self = checked(PyType_GenericAlloc(type, 0));
        of(self.get()).door = new std::shared_ptr{
            hub::make({ref::share(current), ref::share(wait), ref::share(watch),
                       ref::share(greenlet), ref::share(exit)})};
        return self.release();
    });
}

PyObject* fileno(PyObject* self, PyObject*) {
    return PyLong_FromLong((*of(self).door)->descriptor());
}

PyObject* attend(PyObject* self, PyObject*) {
    return at_border([&] { return PyBool_FromLong((*of(self).door)->attend()); });
}

PyObject* call_soon(PyObject* self, PyObject* function) {
    return at_border([&] {
        const std::shared_ptr<ref> held{new auto{ref::share(function)}, [](ref* one) {
                                            attendant::get().release(std::shared_ptr<ref>{one});
                                        }};
        (*of(self).door)->post([held] { checked(PyObject_CallNoArgs(held->get())); });
        return ref::share(Py_None).release();
    });
}

PyObject* close(PyObject* self, PyObject*) {
    return at_border([&] {
        (*of(self).door)->close();
        return ref::share(Py_None).release();
    });
}

void dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    delete of(self).door;
    type->tp_free(self);
    Py_DECREF(type);
}

PyTypeObject* hub_type() {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyMethodDef methods[] = {
            {"fileno", fileno, METH_NOARGS, nullptr},
            {"attend", attend, METH_NOARGS, nullptr},
            {"call_soon", call_soon, METH_O, nullptr},
            {"close", close, METH_NOARGS, nullptr},
            {nullptr, nullptr, 0, nullptr},
        };
        static PyType_Slot slots[] = {
            {Py_tp_new, reinterpret_cast<void*>(make)},
            {Py_tp_methods, methods},
            {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
            {0, nullptr},
        };
        static PyType_Spec spec{"backdoor._backdoor.Hub", sizeof(hub_object), 0,
                                Py_TPFLAGS_DEFAULT, slots};
        type = reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)).release());
    }
    return type;
}

}  // namespace

ref make_hub_type() { return ref::share(reinterpret_cast<PyObject*>(hub_type())); }

std::shared_ptr<hub_lease> to_hub_lease(PyObject* tuple) {
    PyObject* door = nullptr;
    PyObject* start = nullptr;
    if (PyArg_ParseTuple(tuple, "O!O", hub_type(), &door, &start) == 0) {
        throw python_error{};
    }
    return std::make_shared<hub_lease>(*of(door).door, ref::share(start));
}

}  // namespace backdoor
