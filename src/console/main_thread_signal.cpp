#include "console/main_thread_signal.hpp"

#include "console/border.hpp"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

namespace backdoor {

namespace {

/// Guarded by the GIL.
struct installation {
    std::vector<std::shared_ptr<const main_thread_signal::handler>> handlers;
    int number = 0;
    pthread_t main_thread{};
    pid_t main_thread_id = 0;
};

installation& current() {
    static auto& only = *new installation;
    return only;
}

PyObject* handle(PyObject*, PyObject*) {
    return at_border([]() -> PyObject* {
        // Copies: when one comes back much may have happened.
        const auto handlers = current().handlers;
        for (const auto& one : handlers) {
            switch ((*one)()) {
                case main_thread_signal::outcome::not_meant:
                    break;
                case main_thread_signal::outcome::handled:
                    Py_RETURN_NONE;
                case main_thread_signal::outcome::raised:
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

main_thread_signal::main_thread_signal(handler on_signal)
    : on_signal_{std::make_shared<const handler>(std::move(on_signal))} {
    auto& all = current();
    if (all.number == 0) {
        try {
            all.number = install();
            all.main_thread = pthread_self();
            all.main_thread_id = gettid();
        } catch (const python_error&) {
            PyErr_Clear();
        }
    }
    if (all.number != 0 && pthread_equal(all.main_thread, pthread_self()) != 0) {
        all.handlers.push_back(on_signal_);
        installed_ = true;
    }
}

main_thread_signal::~main_thread_signal() {
    auto& all = current();
    if (timer_) {
        timer_delete(*timer_);
    }
    std::erase(all.handlers, on_signal_);
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

void main_thread_signal::send_in(std::chrono::nanoseconds delay) {
    if (!installed_) {
        return;
    }
    if (!timer_) {
        sigevent event{};
        event.sigev_notify = SIGEV_THREAD_ID;
        event.sigev_signo = current().number;
        event._sigev_un._tid = current().main_thread_id;  // no name before glibc 2.35
        timer_t made{};
        if (timer_create(CLOCK_MONOTONIC, &event, &made) != 0) {
            throw std::system_error{errno, std::generic_category(), "timer_create"};
        }
        timer_ = made;
    }
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(delay);
    itimerspec due{};
    due.it_value.tv_sec = seconds.count();
    due.it_value.tv_nsec = (delay - seconds).count();
    (void)timer_settime(*timer_, 0, &due, nullptr);
}

}  // namespace backdoor
