// The C++ half of the Python package: backdoor._backdoor.
#include "console/border.hpp"
#include "extension/callbacks.hpp"
#include "extension/choices.hpp"
#include "extension/hub_type.hpp"
#include "extension/server_type.hpp"
#include "session/access.hpp"
#include "session/lone_session.hpp"
#include "session/standard_output.hpp"

#include <backdoor/listener.hpp>
#include <backdoor/version.hpp>

#include <functional>
#include <memory>
#include <string>

namespace backdoor {

namespace {

constexpr const char* capsule_name = "backdoor.close";

using closer = std::function<void()>;

PyObject* close_console(PyObject* capsule, PyObject*) {
    return at_border([&] {
        auto* const close = static_cast<closer*>(PyCapsule_GetPointer(capsule, capsule_name));
        if (close == nullptr) {
            throw python_error{};
        }
        const gil_released waiting;
        (*close)();
        return ref::share(Py_None).release();
    });
}

PyMethodDef close_method{"close", close_console, METH_NOARGS, nullptr};

void destroy_closer(PyObject* capsule) {
    delete static_cast<closer*>(PyCapsule_GetPointer(capsule, capsule_name));
}

/// Called when the client has left, on a thread without the GIL.
std::function<void()> to_callback(PyObject* gone) {
    if (gone == Py_None) {
        return {};
    }
    return [held = ref::share(gone).release()] {
        if (Py_IsInitialized() == 0 || compat::is_finalizing()) {
            return;
        }
        const gil_held gil;
        const auto callback = ref::take(held);
        if (!ref::take(PyObject_CallNoArgs(callback.get()))) {
            PyErr_WriteUnraisable(callback.get());
        }
    };
}

/// open_console(descriptor, peer, locals, options, gone): the descriptor becomes ours.
PyObject* open_console(PyObject*, PyObject* arguments) {
    try {
        int fd = -1;
        const char* peer = nullptr;
        PyObject* names = nullptr;
        PyObject* choices = nullptr;
        PyObject* gone = nullptr;
        if (PyArg_ParseTuple(arguments, "isOO!O", &fd, &peer, &names, &PyDict_Type, &choices,
                             &gone) == 0) {
            return nullptr;
        }
        connection client{fd, peer};
        auto chosen = to_options(choices);
        auto given = to_locals(names);
        auto callback = to_callback(gone);
        auto close = std::make_unique<closer>();
        {
            const gil_released waiting;
            *close = start_lone_session(std::move(client), std::move(given), std::move(chosen),
                                        std::move(callback));
        }
        const auto capsule = checked(PyCapsule_New(close.get(), capsule_name, destroy_closer));
        (void)close.release();
        return PyCFunction_New(&close_method, capsule.get());
    } catch (...) {
        set_backdoor_error();
        return nullptr;
    }
}

/// Why the client of a connected socket may not enter; empty where it may.
PyObject* refusal_of(PyObject*, PyObject* descriptor) {
    return at_border([&] {
        const int fd = PyObject_AsFileDescriptor(descriptor);
        check(fd);
        return to_str(refusal(identify(fd))).release();
    });
}

/// check(locals, options): raises TypeError or ValueError for what no server can be made of.
PyObject* check_arguments(PyObject*, PyObject* arguments) {
    return at_border([&] {
        PyObject* names = nullptr;
        PyObject* choices = nullptr;
        if (PyArg_ParseTuple(arguments, "OO!", &names, &PyDict_Type, &choices) == 0) {
            throw python_error{};
        }
        (void)to_options(choices);
        (void)to_locals(names);
        return ref::share(Py_None).release();
    });
}

/// log_line(text): where log lines go that nobody else takes.
PyObject* log_line(PyObject*, PyObject* text) {
    return at_border([&] {
        const char* const line = PyUnicode_AsUTF8(text);
        if (line == nullptr) {
            throw python_error{};
        }
        standard_output::get().write(line);
        return ref::share(Py_None).release();
    });
}

ref make_module() {
    static PyMethodDef functions[] = {
        {"check", check_arguments, METH_VARARGS, nullptr},
        {"log_line", log_line, METH_O, nullptr},
        {"open_console", open_console, METH_VARARGS, nullptr},
        {"refusal", refusal_of, METH_O, nullptr},
        {nullptr, nullptr, 0, nullptr},
    };
    static PyModuleDef definition{PyModuleDef_HEAD_INIT, "backdoor._backdoor", nullptr, -1,
                                  functions, nullptr, nullptr, nullptr, nullptr};
    auto module = checked(PyModule_Create(&definition));
    check(PyObject_SetAttrString(module.get(), "Server", make_server_type().get()));
    check(PyObject_SetAttrString(module.get(), "Hub", make_hub_type().get()));
    check(PyObject_SetAttrString(module.get(), "Error", error_type()));
    check(PyObject_SetAttrString(module.get(), "AuditEvent",
                                 reinterpret_cast<PyObject*>(audit_event_type())));
    check(PyModule_AddStringConstant(module.get(), "version", BACKDOOR_VERSION));
    return module;
}

}  // namespace

}  // namespace backdoor

PyMODINIT_FUNC PyInit__backdoor() {
    return backdoor::at_border([] { return backdoor::make_module().release(); });
}
