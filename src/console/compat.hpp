// CPython's header, and all that differs between its versions. Nothing else tests the version.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#if PY_VERSION_HEX < 0x030B0000
#include <frameobject.h>  // PyFrame_GetBack(), part of Python.h since
#endif

#include "session/forked.hpp"

#include <cstdint>
#include <string_view>

#if PY_VERSION_HEX < 0x03090000
#error "backdoor needs Python 3.9 or later"
#endif

namespace backdoor::compat {

/// Compiler flag: source that merely stops too early is told apart from wrong source.
#if PY_VERSION_HEX >= 0x030B0000
inline constexpr int allow_incomplete_input = PyCF_ALLOW_INCOMPLETE_INPUT;
#else
inline constexpr int allow_incomplete_input = 0;
#endif

/// This message of a SyntaxError says that the source stops too early.
inline bool is_incomplete_input(std::string_view message) {
#if PY_VERSION_HEX >= 0x030B0000
    return message == "incomplete input";
#else
    // Before 3.11 the parser says nothing of the kind; these are what an early end looks like.
    return message.starts_with("unexpected EOF") || message.starts_with("EOF while scanning") ||
           message.starts_with("unterminated triple-quoted") ||
           message.starts_with("expected an indented block") ||
           message.find("was never closed") != std::string_view::npos;
#endif
}

/// Of the calling thread, which has none. Without the GIL.
inline PyThreadState* make_thread_state() {
#if PY_VERSION_HEX < 0x030C0000
    // A child that is forked meanwhile would wait for ever for the lock of the list of them.
    const no_fork whole;
#endif
    return PyThreadState_New(PyInterpreterState_Main());
}

/// sys.last_exc exists.
inline constexpr bool has_last_exc = PY_VERSION_HEX >= 0x030C0000;

/// Changes whenever the dict does.
inline std::uint64_t dict_version(PyObject* dict) {
#if PY_VERSION_HEX < 0x030E0000
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    return reinterpret_cast<PyDictObject*>(dict)->ma_version_tag;
#pragma GCC diagnostic pop
#else
    (void)dict;
    static std::uint64_t never_the_same = 0;
    return ++never_the_same;
#endif
}

/// The exception that is set, normalized, as one object; clears it. New reference, or null.
inline PyObject* take_exception() {
#if PY_VERSION_HEX >= 0x030C0000
    return PyErr_GetRaisedException();
#else
    PyObject* type = nullptr;
    PyObject* value = nullptr;
    PyObject* traceback = nullptr;
    PyErr_Fetch(&type, &value, &traceback);
    if (type == nullptr) {
        return nullptr;
    }
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != nullptr) {
        PyException_SetTraceback(value, traceback);
    }
    Py_DECREF(type);
    Py_XDECREF(traceback);
    return value;
#endif
}

/// Sets an exception object. Steals it.
inline void set_exception(PyObject* exception) {
#if PY_VERSION_HEX >= 0x030C0000
    PyErr_SetRaisedException(exception);
#else
    PyObject* type = reinterpret_cast<PyObject*>(Py_TYPE(exception));
    Py_INCREF(type);
    PyErr_Restore(type, exception, PyException_GetTraceback(exception));
#endif
}

/// PyThreadState_SetAsyncExc() has set an exception that the thread has not met yet.
inline bool has_pending_exception(const PyThreadState* thread) { return thread->async_exc != nullptr; }

/// Takes away what PyThreadState_SetAsyncExc() has set for the calling thread. New reference, or null.
inline PyObject* take_pending_exception() {
    PyObject* const type = PyThreadState_Get()->async_exc;
    Py_XINCREF(type);
    if (type != nullptr) {
        PyThreadState_SetAsyncExc(PyThread_get_thread_ident(), nullptr);
    }
    return type;
}

inline bool is_finalizing() {
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsFinalizing() != 0;
#else
    return _Py_IsFinalizing() != 0;
#endif
}

}  // namespace backdoor::compat
