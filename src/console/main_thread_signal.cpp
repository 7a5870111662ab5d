#include "console/main_thread_signal.hpp"

#include "console/border.hpp"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <utility>
#include <vector>

namespace backdoor {

namespace {

/// Guarded by the GIL.
struct installation {
    std::vector<const main_thread_signal::handler*> handlers;
    int number = 0;
    pthread_t main_thread{};
};

installation& current() {
    static auto& only = *new installation;
    return only;
}

PyObject* handle(PyObject*, PyObject*) {
    return at_border([]() -> PyObject* {
        const auto handlers = current().handlers;
        for (const auto* one : handlers) {
            if ((*one)()) {
                throw python_error{};
            }
        }
        Py_RETURN_NONE;
    });
}

PyMethodDef handle_method{"backdoor_signal", handle, METH_VARARGS, nullptr};

bool is_free(int number) {
    struct sigaction present {};
    return sigaction(number, nullptr, &present) == 0 && (present.sa_flags & SA_SIGINFO) == 0 &&
           present.sa_handler == SIG_DFL;
}

ref signal_module() { return checked(PyImport_ImportModule("_signal")); }

/// Throws python_error on another thread than Python's main one.
int install() {
    const auto module = signal_module();
    const auto function = checked(PyCFunction_New(&handle_method, nullptr));
    for (int number = SIGRTMAX; number >= SIGRTMIN; --number) {
        if (is_free(number)) {
            checked(PyObject_CallMethod(module.get(), "signal", "iO", number, function.get()));
            return number;
        }
    }
    return 0;
}

void uninstall(int number) {
    const auto module = signal_module();
    checked(PyObject_CallMethod(module.get(), "signal", "ii", number, 0));
}

}  // namespace

main_thread_signal::main_thread_signal(handler on_signal) : on_signal_{std::move(on_signal)} {
    auto& all = current();
    if (all.number == 0) {
        try {
            all.number = install();
            all.main_thread = pthread_self();
        } catch (const python_error&) {
            PyErr_Clear();
        }
    }
    if (all.number != 0 && pthread_equal(all.main_thread, pthread_self()) != 0) {
        all.handlers.push_back(&on_signal_);
        installed_ = true;
    }
}

main_thread_signal::~main_thread_signal() {
    auto& all = current();
    std::erase(all.handlers, &on_signal_);
    if (!installed_ || !all.handlers.empty()) {
        return;
    }
    try {
        uninstall(all.number);
        all.number = 0;
    } catch (const python_error&) {
        PyErr_Clear();  // on another thread: the handler stays, with nothing to do
    }
}

void main_thread_signal::send() const {
    if (installed_) {
        pthread_kill(current().main_thread, current().number);
    }
}

}  // namespace backdoor
