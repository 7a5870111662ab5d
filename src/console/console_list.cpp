#include "console/console_list.hpp"

#include "console/border.hpp"
#include "console/python_console.hpp"
#include "session/connected_clients.hpp"

#include <structmember.h>

#include <chrono>
#include <utility>
#include <vector>

namespace backdoor {

namespace {

struct abandoned {
    std::uint64_t client;
    std::shared_ptr<runner> command;
};

std::vector<abandoned>& all_abandoned() {
    static auto& all = *new std::vector<abandoned>;  // never destroyed: at exit nobody has the GIL
    return all;
}

void forget_those_that_ended() {
    std::erase_if(all_abandoned(), [](const auto& one) { return one.command->ended; });
}

struct entry_object {
    PyObject_HEAD
    std::uint64_t number;
    PyObject* peer;
    PyObject* since;
    PyObject* command;
    PyObject* seconds;
    bool left_behind;
};

entry_object& of(PyObject* self) { return *reinterpret_cast<entry_object*>(self); }

// ---- an entry's members -----------------------------------------------------------------------

using client_action = bool (*)(std::uint64_t number);

PyObject* act(PyObject* self, client_action action) {
    return at_border([&]() -> PyObject* {
        if (of(self).left_behind) {
            PyErr_SetString(PyExc_RuntimeError,
                            "this command was left behind; it is interrupted, and ends when the "
                            "call that it is in returns");
            return nullptr;
        }
        bool found = false;
        {
            const gil_released waiting;
            found = action(of(self).number);
        }
        if (!found) {
            PyErr_Format(PyExc_RuntimeError, "console %llu is gone",
                         static_cast<unsigned long long>(of(self).number));
            return nullptr;
        }
        Py_RETURN_NONE;
    });
}

PyObject* interrupt(PyObject* self, PyObject*) { return act(self, interrupt_client); }
PyObject* close(PyObject* self, PyObject*) { return act(self, close_client); }

PyObject* repr(PyObject* self) {
    const auto& entry = of(self);
    const auto number = static_cast<unsigned long long>(entry.number);
    if (entry.left_behind) {
        return PyUnicode_FromFormat("<left behind by console %llu: %R for %S s>", number,
                                    entry.command, entry.seconds);
    }
    if (entry.command == Py_None) {
        return PyUnicode_FromFormat("<console %llu: %S since %S, at its prompt>", number,
                                    entry.peer, entry.since);
    }
    return PyUnicode_FromFormat("<console %llu: %S since %S, runs %R for %S s>", number, entry.peer,
                                entry.since, entry.command, entry.seconds);
}

void dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    auto& entry = of(self);
    for (PyObject* const held : {entry.peer, entry.since, entry.command, entry.seconds}) {
        Py_XDECREF(held);
    }
    type->tp_free(self);
    Py_DECREF(type);
}

PyTypeObject* entry_type() {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyMethodDef methods[] = {
            {"interrupt", interrupt, METH_NOARGS, "Interrupts its command, as Ctrl-C there would."},
            {"close", close, METH_NOARGS, "Ends it: its command is interrupted, its client closed."},
            {nullptr, nullptr, 0, nullptr},
        };
        static PyMemberDef members[] = {
            {"number", T_ULONGLONG, offsetof(entry_object, number), READONLY, nullptr},
            {"peer", T_OBJECT, offsetof(entry_object, peer), READONLY, nullptr},
            {"since", T_OBJECT, offsetof(entry_object, since), READONLY, nullptr},
            {"command", T_OBJECT, offsetof(entry_object, command), READONLY, nullptr},
            {"seconds", T_OBJECT, offsetof(entry_object, seconds), READONLY, nullptr},
            {"left_behind", T_BOOL, offsetof(entry_object, left_behind), READONLY, nullptr},
            {nullptr, 0, 0, 0, nullptr},
        };
        static PyType_Slot slots[] = {
            {Py_tp_methods, methods},
            {Py_tp_members, members},
            {Py_tp_repr, reinterpret_cast<void*>(repr)},
            {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
            {0, nullptr},
        };
        static PyType_Spec spec{"backdoor.console_entry", sizeof(entry_object), 0,
                                Py_TPFLAGS_DEFAULT, slots};
        type = reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)).release());
    }
    return type;
}

// ---- the list ---------------------------------------------------------------------------------

ref local_time(std::chrono::system_clock::time_point when) {
    const auto module = checked(PyImport_ImportModule("datetime"));
    const auto type = checked(PyObject_GetAttrString(module.get(), "datetime"));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(when.time_since_epoch());
    return checked(PyObject_CallMethod(type.get(), "fromtimestamp", "L",
                                       static_cast<long long>(seconds.count())));
}

/// To a tenth of a second.
ref seconds_since(std::chrono::steady_clock::time_point began) {
    using tenths = std::chrono::duration<long long, std::deci>;
    const auto age =
        std::chrono::duration_cast<tenths>(std::chrono::steady_clock::now() - began);
    return checked(PyFloat_FromDouble(static_cast<double>(age.count()) / 10));
}

void append(const ref& list, std::uint64_t number, ref peer, ref since, const runner* command,
            bool left_behind) {
    auto entry = checked(PyType_GenericAlloc(entry_type(), 0));
    of(entry.get()).number = number;
    of(entry.get()).peer = peer.release();
    of(entry.get()).since = since.release();
    of(entry.get()).command =
        (command != nullptr ? to_str(command->source) : ref::share(Py_None)).release();
    of(entry.get()).seconds =
        (command != nullptr ? seconds_since(command->began) : ref::share(Py_None)).release();
    of(entry.get()).left_behind = left_behind;
    check(PyList_Append(list.get(), entry.get()));
}

PyObject* list_consoles(PyObject*, PyObject*) {
    return at_border([] {
        std::vector<connected_client> clients;
        {
            const gil_released waiting;
            clients = connected_clients();
        }
        const auto list = checked(PyList_New(0));
        for (const auto& one : clients) {
            const auto* const interpreter =
                static_cast<const python_console*>(one.interpreter.get());
            append(list, one.number, to_str(one.peer.empty() ? "a unix socket" : one.peer),
                   local_time(one.since), interpreter != nullptr ? interpreter->running() : nullptr,
                   false);
        }
        forget_those_that_ended();
        for (const auto& one : all_abandoned()) {
            append(list, one.client, ref::share(Py_None), ref::share(Py_None), one.command.get(),
                   true);
        }
        return ref{list}.release();
    });
}

}  // namespace

ref make_consoles_function() {
    static PyMethodDef definition{
        "consoles", list_consoles, METH_NOARGS,
        "consoles() -> a list: each client of this process, with number, peer, since, command, "
        "seconds, interrupt() and close(); and each command that was left behind."};
    return checked(PyCFunction_New(&definition, nullptr));
}

void remember_left_behind(std::uint64_t client, std::shared_ptr<runner> command) {
    forget_those_that_ended();
    all_abandoned().push_back({client, std::move(command)});
}

}  // namespace backdoor
