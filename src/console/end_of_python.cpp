#include "console/end_of_python.hpp"

#include "console/attendant.hpp"
#include "console/border.hpp"
#include "session/connected_clients.hpp"
#include "session/forked.hpp"

#include <algorithm>
#include <future>
#include <memory>
#include <thread>

namespace backdoor {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds interval{2};
constexpr std::chrono::seconds import_limit{2};

int users = 0;
std::chrono::milliseconds longest_limit{0};

/// By the atexit module: Python is whole yet, and we have the GIL.
PyObject* end_consoles(PyObject*, PyObject*) {
    if (!in_forked_child()) {
        const gil_released waiting;
        close_clients_with_consoles();
    }
    for (const auto end = clock::now() + longest_limit;
         users > 0 && clock::now() < end && !in_forked_child();) {
        const gil_released waiting;
        std::this_thread::sleep_for(interval);
    }
    {
        const gil_released waiting;
        attendant::for_functions_of_the_host().rest(longest_limit);
        attendant::get().rest(longest_limit);
    }
    Py_RETURN_NONE;
}

/// Where nobody has imported `threading` yet, a console would be the first, and that is its main thread for
/// ever: Py_FinalizeEx would wait for that thread before it calls anybody. The attendant's is no
/// thread of Python's a moment later.
void import_threading() {
    if (PyDict_GetItemString(PyImport_GetModuleDict(), "threading") != nullptr) {
        return;
    }
    const auto imported = std::make_shared<std::promise<void>>();
    attendant::get().post([imported] {
        ref::take(PyImport_ImportModule("threading"));
        PyErr_Clear();
        imported->set_value();
    });
    const gil_released waiting;
    imported->get_future().wait_for(import_limit);
}

/// Once per interpreter: a host may finalize one and start the next.
void be_told_of_the_end() {
    PyObject* const notes = PyInterpreterState_GetDict(PyInterpreterState_Get());
    static PyMethodDef definition{"end_consoles", end_consoles, METH_NOARGS, nullptr};
    if (notes == nullptr || PyDict_GetItemString(notes, "backdoor") != nullptr) {
        return;
    }
    const auto function = checked(PyCFunction_New(&definition, nullptr));
    const auto atexit = checked(PyImport_ImportModule("atexit"));
    checked(PyObject_CallMethod(atexit.get(), "register", "O", function.get()));
    check(PyDict_SetItemString(notes, "backdoor", function.get()));
    users = 0;  // those of the one before stay where they are
    attendant::for_functions_of_the_host().rest_no_more();
    attendant::get().rest_no_more();
    import_threading();
}

}  // namespace

user_of_python::user_of_python(std::chrono::milliseconds limit) {
    be_told_of_the_end();
    longest_limit = std::max(longest_limit, limit);
    ++users;
}

user_of_python::~user_of_python() { --users; }

}  // namespace backdoor
