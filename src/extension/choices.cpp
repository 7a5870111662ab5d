#include "extension/choices.hpp"

#include "console/border.hpp"
#include "extension/callbacks.hpp"
#include "extension/hub_type.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

namespace backdoor {

namespace {

using milliseconds = std::chrono::milliseconds;

void take(PyObject* value, bool& field) {
    const int truth = PyObject_IsTrue(value);
    check(truth);
    field = truth != 0;
}

void take(PyObject* value, std::string& field) {
    const char* const text = PyUnicode_AsUTF8(value);
    if (text == nullptr) {
        throw python_error{};
    }
    field = text;
}

void take(PyObject* value, std::size_t& field) {
    const auto number = PyLong_AsSize_t(value);
    if (PyErr_Occurred() != nullptr) {
        throw python_error{};
    }
    field = number;
}

void take(PyObject* value, milliseconds& field) {
    const double seconds = PyFloat_AsDouble(value);
    if (PyErr_Occurred() != nullptr) {
        throw python_error{};
    }
    constexpr double longest = 1e9;
    if (!(seconds >= 0 && seconds <= longest)) {
        PyErr_SetString(PyExc_ValueError, "seconds, from 0 to 1e9, are expected");
        throw python_error{};
    }
    // What is more than nothing stays so: zero often means for ever.
    field = milliseconds{seconds > 0 ? std::max(std::llround(seconds * 1000), 1LL) : 0};
}

void take(PyObject* value, std::shared_ptr<hub_lease>& field) { field = to_hub_lease(value); }

void take(PyObject* value, std::vector<std::string>& field) {
    if (PyList_Check(value) == 0 && PyTuple_Check(value) == 0) {
        PyErr_SetString(PyExc_TypeError, "a list of names or numbers is expected");
        throw python_error{};
    }
    field.clear();
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(value); ++i) {
        PyObject* const item = PySequence_Fast_GET_ITEM(value, i);
        const auto number = PyLong_Check(item) ? checked(PyObject_Str(item)) : ref::share(item);
        take(number.get(), field.emplace_back());
    }
}

void take(PyObject* value, telnet_mode& field) {
    static constexpr std::array<std::pair<std::string_view, telnet_mode>, 3> modes{{
        {"automatic", telnet_mode::automatic},
        {"always", telnet_mode::always},
        {"never", telnet_mode::never},
    }};
    std::string name;
    take(value, name);
    const auto* const found = std::find_if(modes.begin(), modes.end(),
                                           [&](const auto& mode) { return mode.first == name; });
    if (found == modes.end()) {
        PyErr_SetString(PyExc_ValueError, "'automatic', 'always' or 'never' is expected");
        throw python_error{};
    }
    field = found->second;
}

void take(PyObject* value, std::function<void(std::string_view)>& field) {
    if (value != Py_None) {
        field = to_log(value);
    }
}

void take(PyObject* value, std::function<void(const audit_event&)>& field) {
    if (value != Py_None) {
        field = to_audit(value);
    }
}

void take(PyObject* value, executor& field) {
    if (value != Py_None) {
        field = to_executor(value);
    }
}

void take(PyObject* value, asyncio_loop& field) {
    if (value == Py_None) {
        return;
    }
    if (PyObject_HasAttrString(value, "call_soon_threadsafe") == 0 ||
        PyObject_HasAttrString(value, "create_task") == 0) {
        PyErr_SetString(PyExc_TypeError, "an asyncio loop is expected");
        throw python_error{};
    }
    field = asyncio_loop{value};
}

void take(options& choices, std::string_view name, PyObject* value) {
#define BACKDOOR_CHOICE(field)      \
    if (name == #field) {           \
        take(value, choices.field); \
        return;                     \
    }
    BACKDOOR_CHOICE(executor)
    BACKDOOR_CHOICE(loop)
    BACKDOOR_CHOICE(share_locals)
    BACKDOOR_CHOICE(preload)
    BACKDOOR_CHOICE(log)
    BACKDOOR_CHOICE(source_in_tracebacks)
    BACKDOOR_CHOICE(banner)
    BACKDOOR_CHOICE(history_file)
    BACKDOOR_CHOICE(slow_command)
    BACKDOOR_CHOICE(telnet)
    BACKDOOR_CHOICE(allowed_users)
    BACKDOOR_CHOICE(allowed_groups)
    BACKDOOR_CHOICE(token)
    BACKDOOR_CHOICE(tls_certificate)
    BACKDOOR_CHOICE(tls_key)
    BACKDOOR_CHOICE(tls_client_ca)
    BACKDOOR_CHOICE(tls_allowed_names)
    BACKDOOR_CHOICE(ssh_authorized_keys)
    BACKDOOR_CHOICE(ssh_host_key)
    BACKDOOR_CHOICE(max_handshakes)
    BACKDOOR_CHOICE(max_handshake_rate)
    BACKDOOR_CHOICE(audit_log)
    BACKDOOR_CHOICE(audit)
    BACKDOOR_CHOICE(audit_required)
    BACKDOOR_CHOICE(max_connections)
    BACKDOOR_CHOICE(max_connections_per_peer)
    BACKDOOR_CHOICE(max_input)
    BACKDOOR_CHOICE(max_output)
    BACKDOOR_CHOICE(login_limit)
    BACKDOOR_CHOICE(command_limit)
    BACKDOOR_CHOICE(idle_limit)
    BACKDOOR_CHOICE(output_stall)
    BACKDOOR_CHOICE(editor_wait)
    BACKDOOR_CHOICE(turn_budget)
    BACKDOOR_CHOICE(turn_wait)
    BACKDOOR_CHOICE(stall_limit)
    BACKDOOR_CHOICE(time_slice)
    BACKDOOR_CHOICE(shutdown_limit)
    BACKDOOR_CHOICE(hub)
#undef BACKDOOR_CHOICE
    PyErr_Format(PyExc_TypeError, "backdoor has no option '%s'", std::string{name}.c_str());
    throw python_error{};
}

/// Says which option it was.
void name_option(const char* name) {
    const auto exception = ref::take(compat::take_exception());
    if (PyErr_GivenExceptionMatches(exception.get(), PyExc_Exception) == 0) {
        compat::set_exception(ref{exception}.release());
        return;
    }
    PyErr_Format(reinterpret_cast<PyObject*>(Py_TYPE(exception.get())), "option '%s': %S", name,
                 exception.get());
}

}  // namespace

options to_options(PyObject* names) {
    options choices;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    for (Py_ssize_t i = 0; PyDict_Next(names, &i, &key, &value) != 0;) {
        const char* const name = PyUnicode_AsUTF8(key);
        if (name == nullptr) {
            throw python_error{};
        }
        try {
            take(choices, name, value);
        } catch (const python_error&) {
            name_option(name);
            throw;
        }
    }
    if (choices.hub && choices.executor) {
        PyErr_SetString(PyExc_ValueError,
                        "option 'executor': a console on a greenlet runs on its hub's thread "
                        "already, and would "
                        "wait there for itself; leave it out");
        throw python_error{};
    }
    if (choices.time_slice.count() > 0 && choices.hub && !(*choices.hub)->has_signal()) {
        PyErr_SetString(
            PyExc_ValueError,
            "option 'time_slice': it takes a signal, and so a hub on Python's main thread; start "
            "the server there");
        throw python_error{};
    }
    return choices;
}

}  // namespace backdoor
