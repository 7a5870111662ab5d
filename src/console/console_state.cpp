#include "console/console_state.hpp"

#include "session/channel.hpp"
#include "session/forked.hpp"

#include <pthread.h>

#include <optional>
#include <utility>

namespace backdoor {

namespace {

/// What the context variable holds: it may be kept by tasks for longer than the console lives.
struct handle_object {
    PyObject_HEAD
    console_state* state;
};

void handle_dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

PyTypeObject* handle_type() {
    static PyType_Slot slots[] = {
        {Py_tp_dealloc, reinterpret_cast<void*>(handle_dealloc)},
        {0, nullptr},
    };
    static PyType_Spec spec{"backdoor.console_handle", sizeof(handle_object), 0,
                            Py_TPFLAGS_DEFAULT, slots};
    // Guarded by the GIL; a lock of C++'s own could deadlock with it.
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        type = reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)).release());
    }
    return type;
}

PyObject* variable() {
    static PyObject* only = nullptr;
    if (only == nullptr) {
        only = checked(PyContextVar_New("backdoor_console", nullptr)).release();
    }
    return only;
}

/// The console's own thread is the console's also where its code runs in another context.
thread_local PyObject* handle_of_thread = nullptr;

ref current_handle() {
    PyObject* handle = nullptr;
    if (PyContextVar_Get(variable(), nullptr, &handle) < 0) {
        PyErr_Clear();
    }
    return handle != nullptr ? ref::take(handle) : ref::share(handle_of_thread);
}

handle_object* as_handle(const ref& handle) {
    return reinterpret_cast<handle_object*>(handle.get());
}

console_state* who_forked = nullptr;

/// Greenlets of the application, and of other consoles, are in the child of a console's code, too; only
/// here can be told whose child it is.
void remember_forking_console() {
    static const int registered = pthread_atfork(nullptr, nullptr, [] {
        who_forked = nullptr;
        if (Py_IsInitialized() != 0 && PyGILState_Check() != 0) {
            const auto handle = current_handle();
            who_forked = handle ? as_handle(handle)->state : nullptr;
        }
    });
    (void)registered;
}

}  // namespace

bool console_state::shows_source() const { return always_shows_source || io->has_terminal(); }

console_state* forking_console() { return who_forked; }

console_state* current_console() {
    if (in_forked_child()) {
        // A child of the console's code is a program of its own, with the application's streams.
        return nullptr;
    }
    const auto handle = current_handle();
    return handle ? as_handle(handle)->state : nullptr;
}

bool on_console_thread() { return handle_of_thread != nullptr; }

bool in_former_console() {
    if (in_forked_child()) {
        return false;
    }
    const auto handle = current_handle();
    return handle && as_handle(handle)->state == nullptr;
}

console_context::console_context(console_state& state, bool of_thread)
    : handle_{checked(PyType_GenericAlloc(handle_type(), 0))},
      context_{checked(PyContext_New())},
      of_thread_{of_thread} {
    remember_forking_console();
    as_handle(handle_)->state = &state;
    check(PyContext_Enter(context_.get()));
    checked(PyContextVar_Set(variable(), handle_.get()));
    if (of_thread_) {
        handle_of_thread = handle_.get();
    }
}

void console_context::give_up() { as_handle(handle_)->state = nullptr; }

console_context::~console_context() {
    give_up();
    if (of_thread_) {
        handle_of_thread = nullptr;
    }
    if (PyContext_Exit(context_.get()) < 0) {
        PyErr_Clear();
    }
}

outside_consoles::outside_consoles() : context_{checked(PyContext_New())} {
    check(PyContext_Enter(context_.get()));
    handle_of_thread_ = std::exchange(handle_of_thread, nullptr);
}

outside_consoles::~outside_consoles() {
    handle_of_thread = handle_of_thread_;
    if (PyContext_Exit(context_.get()) < 0) {
        PyErr_Clear();
    }
}

}  // namespace backdoor
