#include "extension/server_type.hpp"

#include "console/border.hpp"
#include "console/hub.hpp"
#include "extension/choices.hpp"

#include <backdoor/error.hpp>
#include <backdoor/server.hpp>

#include <memory>
#include <string>

namespace backdoor {

namespace {

struct server_object {
    PyObject_HEAD
    std::shared_ptr<server>* door;
};

server_object& of(PyObject* self) { return *reinterpret_cast<server_object*>(self); }

/// An address to listen at, or a descriptor that listens, which becomes ours.
listener to_listener(PyObject* where, const options& choices) {
    if (PyUnicode_Check(where) != 0) {
        const char* const address = PyUnicode_AsUTF8(where);
        if (address == nullptr) {
            throw python_error{};
        }
        const std::string text{address};
        const gil_released looking_up;
        return listen(text, choices);
    }
    const int fd = PyObject_AsFileDescriptor(where);
    check(fd);
    return listener::bound_anywhere(unique_fd{fd});
}

PyObject* make(PyTypeObject* type, PyObject* arguments, PyObject*) {
    try {
        PyObject* where = nullptr;
        PyObject* names = nullptr;
        PyObject* choices = nullptr;
        if (PyArg_ParseTuple(arguments, "OOO!", &where, &names, &PyDict_Type, &choices) == 0) {
            return nullptr;
        }
        auto chosen = to_options(choices);
        auto given = to_locals(names);
        auto socket = to_listener(where, chosen);
        // As for the other events: session, peer, user, text. A hook may refuse it.
        check(PySys_Audit("backdoor.listen", "Ksss", 0ULL, "", "", socket.address().c_str()));
        auto self = checked(PyType_GenericAlloc(type, 0));
        of(self.get()).door =
            new std::shared_ptr{std::make_shared<server>(std::move(socket), std::move(given),
                                                         std::move(chosen))};
        return self.release();
    } catch (...) {
        set_backdoor_error();
        return nullptr;
    }
}

PyObject* stop(PyObject* self, PyObject*) {
    return at_border([&] {
        const auto door = *of(self).door;
        const auto loop = hub::of_this_thread();
        if (loop && loop->may_wait()) {
            // Its consoles need the hub to come to their end.
            loop->wait_for([door] { door->stop(); });
        } else {
            door->stop();
        }
        return ref::share(Py_None).release();
    });
}

PyObject* address(PyObject* self, void*) {
    return at_border([&] { return to_str((*of(self).door)->address()).release(); });
}

PyObject* port(PyObject* self, void*) { return PyLong_FromLong((*of(self).door)->port()); }

void dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    delete of(self).door;
    type->tp_free(self);
    Py_DECREF(type);
}

}  // namespace

PyObject* error_type() {
    static PyObject* type = nullptr;
    if (type == nullptr) {
        type = checked(PyErr_NewExceptionWithDoc("backdoor.Error",
                                                 "Something that was asked for cannot be done; the "
                                                 "message names the thing and the remedy.",
                                                 PyExc_RuntimeError, nullptr))
                   .release();
    }
    return type;
}

void set_backdoor_error() {
    try {
        throw;
    } catch (const error& failure) {
        PyErr_SetString(error_type(), failure.what());
    } catch (...) {
        set_python_error();
    }
}

locals to_locals(PyObject* given) {
    if (given == Py_None) {
        return {};
    }
    if (PyDict_Check(given) == 0) {
        PyErr_Format(PyExc_TypeError, "locals must be a dict or None, not %.200s",
                     Py_TYPE(given)->tp_name);
        throw python_error{};
    }
    return locals{given};
}

ref make_server_type() {
    static PyMethodDef methods[] = {
        {"stop", stop, METH_NOARGS, nullptr},
        {nullptr, nullptr, 0, nullptr},
    };
    static PyGetSetDef properties[] = {
        {"address", address, nullptr, nullptr, nullptr},
        {"port", port, nullptr, nullptr, nullptr},
        {nullptr, nullptr, nullptr, nullptr, nullptr},
    };
    static PyType_Slot slots[] = {
        {Py_tp_new, reinterpret_cast<void*>(make)},
        {Py_tp_methods, methods},
        {Py_tp_getset, properties},
        {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
        {0, nullptr},
    };
    static PyType_Spec spec{"backdoor._backdoor.Server", sizeof(server_object), 0,
                            Py_TPFLAGS_DEFAULT, slots};
    return checked(PyType_FromSpec(&spec));
}

}  // namespace backdoor
