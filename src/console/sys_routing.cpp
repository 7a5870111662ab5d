#include "console/sys_routing.hpp"

#include "console/border.hpp"
#include "console/hook_router.hpp"
#include "console/stream_router.hpp"

#include <string>

namespace backdoor {

namespace {

struct attribute {
    const char* name;
    sys_name slot;
    /// The pristine copy, as sys.__stdout__: it too is the console's.
    const char* original = nullptr;
};

constexpr attribute attributes[] = {
    {"stdin", sys_name::standard_in, "__stdin__"},
    {"stdout", sys_name::standard_out, "__stdout__"},
    {"stderr", sys_name::standard_err, "__stderr__"},
    {"displayhook", sys_name::displayhook, "__displayhook__"},
    {"breakpointhook", sys_name::breakpointhook, "__breakpointhook__"},
    {"unraisablehook", sys_name::unraisablehook, "__unraisablehook__"},
    {"excepthook", sys_name::excepthook},
    {"ps1", sys_name::ps1},
    {"ps2", sys_name::ps2},
    {"last_type", sys_name::last_type},
    {"last_value", sys_name::last_value},
    {"last_traceback", sys_name::last_traceback},
    {"last_exc", sys_name::last_exc},
    {"argv", sys_name::argv},
};

/// A console that has none of its own sees the application's.
bool falls_back(sys_name slot) { return slot == sys_name::argv; }

/// Names that C code looks up in sys's dict, past any attribute access: a router stands there.
bool has_router(sys_name slot) { return slot <= sys_name::unraisablehook; }

int users = 0;

PyObject* routed_names = nullptr;  // name -> index into attributes; originals at -1 - index

struct found_attribute {
    const attribute* which;
    bool is_original;
};

found_attribute find(PyObject* name) {
    PyObject* const found = PyDict_GetItemWithError(routed_names, name);
    if (found == nullptr) {
        PyErr_Clear();
        return {nullptr, false};
    }
    const long index = PyLong_AsLong(found);
    return index >= 0 ? found_attribute{&attributes[index], false}
                      : found_attribute{&attributes[-1 - index], true};
}

void fill_routed_names() {
    if (routed_names != nullptr) {
        return;
    }
    auto names = checked(PyDict_New());
    long index = 0;
    for (const auto& one : attributes) {
        check(PyDict_SetItemString(names.get(), one.name,
                                   checked(PyLong_FromLong(index)).get()));
        if (one.original != nullptr) {
            check(PyDict_SetItemString(names.get(), one.original,
                                       checked(PyLong_FromLong(-1 - index)).get()));
        }
        ++index;
    }
    routed_names = names.release();
}

using per_name = std::array<ref, static_cast<std::size_t>(sys_name::count)>;

/// What stands in sys's dict: the way to the current stream or hook of each context.
ref& router(sys_name slot) {
    static auto& all = *new per_name;  // never destroyed: at exit nobody has the GIL
    return all[static_cast<std::size_t>(slot)];
}

/// What a console's sys has at first: the way to its own.
ref& original(sys_name slot) {
    static auto& all = *new per_name;  // never destroyed: at exit nobody has the GIL
    return all[static_cast<std::size_t>(slot)];
}

/// What the application had, and has, under a name with a router.
ref& application(sys_name slot) {
    static auto& all = *new per_name;  // never destroyed: at exit nobody has the GIL
    return all[static_cast<std::size_t>(slot)];
}

// ---- the module's type ------------------------------------------------------------------------

PyObject* get_attribute(PyObject* self, PyObject* name) {
    const auto [which, is_original] = find(name);
    if (which == nullptr) {
        return PyModule_Type.tp_getattro(self, name);
    }
    auto* const console = current_console();
    if (console == nullptr) {
        if (has_router(which->slot) && !is_original && application(which->slot)) {
            return ref{application(which->slot)}.release();
        }
        return PyModule_Type.tp_getattro(self, name);
    }
    const ref& value = is_original ? original(which->slot) : (*console)[which->slot];
    if (!value && falls_back(which->slot)) {
        return PyModule_Type.tp_getattro(self, name);
    }
    if (!value) {
        PyErr_Format(PyExc_AttributeError, "module 'sys' has no attribute '%s'", which->name);
        return nullptr;
    }
    return ref{value}.release();
}

int set_attribute(PyObject* self, PyObject* name, PyObject* value) {
    const auto [which, is_original] = find(name);
    if (which == nullptr || is_original) {
        return PyModule_Type.tp_setattro(self, name, value);
    }
    ref* slot = nullptr;
    if (auto* const console = current_console()) {
        slot = &(*console)[which->slot];
    } else if (has_router(which->slot)) {
        slot = &application(which->slot);
    } else {
        return PyModule_Type.tp_setattro(self, name, value);
    }
    if (value == nullptr && !*slot) {
        PyErr_Format(PyExc_AttributeError, "module 'sys' has no attribute '%s'", which->name);
        return -1;
    }
    *slot = ref::share(value);
    return 0;
}

PyObject* module_type() {
    static PyObject* type = nullptr;
    if (type == nullptr) {
        static PyType_Slot slots[] = {
            {Py_tp_getattro, reinterpret_cast<void*>(get_attribute)},
            {Py_tp_setattro, reinterpret_cast<void*>(set_attribute)},
            {0, nullptr},
        };
        static PyType_Spec spec{"builtins.module", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                                slots};
        type = checked(PyType_FromSpecWithBases(&spec, reinterpret_cast<PyObject*>(&PyModule_Type)))
                   .release();
    }
    return type;
}

ref sys_module() { return checked(PyImport_ImportModule("sys")); }

// ---- in and out -------------------------------------------------------------------------------

ref make_router(const attribute& one, routed what) {
    if (one.slot <= sys_name::standard_err) {
        return make_stream_router(one.slot, what, application(one.slot));
    }
    return make_hook_router(one.slot, what, one.name, application(one.slot));
}

void install() {
    fill_routed_names();
    const auto sys = sys_module();
    PyObject* const dict = PyModule_GetDict(sys.get());
    for (const auto& one : attributes) {
        if (!has_router(one.slot)) {
            continue;
        }
        if (!router(one.slot)) {
            original(one.slot) = make_router(one, routed::original);
            router(one.slot) = make_router(one, routed::current);
        }
        application(one.slot) = ref::share(PyDict_GetItemString(dict, one.name));
        check(PyDict_SetItemString(dict, one.name, router(one.slot).get()));
    }
    check(PyObject_SetAttrString(sys.get(), "__class__", module_type()));
}

void uninstall() {
    const auto sys = sys_module();
    PyObject* const dict = PyModule_GetDict(sys.get());
    check(PyObject_SetAttrString(sys.get(), "__class__",
                                 reinterpret_cast<PyObject*>(&PyModule_Type)));
    for (const auto& one : attributes) {
        if (!has_router(one.slot) ||
            PyDict_GetItemString(dict, one.name) != router(one.slot).get()) {
            continue;
        }
        auto& value = application(one.slot);
        check(value ? PyDict_SetItemString(dict, one.name, value.get())
                    : PyDict_DelItemString(dict, one.name));
    }
}

}  // namespace

sys_routing::sys_routing() {
    if (users == 0) {
        install();
    }
    ++users;
}

sys_routing::~sys_routing() {
    if (--users > 0) {
        return;
    }
    try {
        uninstall();
    } catch (const python_error&) {
        PyErr_Clear();
    }
}

void sys_routing::initialize(console_state& console) {
    for (const auto& one : attributes) {
        if (has_router(one.slot)) {
            console[one.slot] = original(one.slot);
        }
    }
    console[sys_name::excepthook] = ref::share(PySys_GetObject("__excepthook__"));
    console[sys_name::ps1] = to_str(">>> ");
    console[sys_name::ps2] = to_str("... ");
}

bool sys_routing::is_original(PyObject* value, sys_name name) {
    return value == original(name).get();
}

void flush_streams(console_state& console) {
    for (const auto name : {sys_name::standard_err, sys_name::standard_out}) {
        const ref stream = console[name];
        if (!stream || stream.get() == Py_None || sys_routing::is_original(stream.get(), name)) {
            continue;
        }
        const auto result = ref::take(PyObject_CallMethod(stream.get(), "flush", nullptr));
        if (!result) {
            PyErr_Clear();
        }
    }
}

PyObject* required(console_state& console, sys_name name) {
    PyObject* const value = console[name].get();
    if (value == nullptr) {
        PyErr_Format(PyExc_RuntimeError, "lost sys.%s", name_of(name));
        throw python_error{};
    }
    return value;
}

const char* name_of(sys_name name) {
    for (const auto& one : attributes) {
        if (one.slot == name) {
            return one.name;
        }
    }
    return "";
}

}  // namespace backdoor
