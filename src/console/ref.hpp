// An owned reference to a Python object.
#pragma once

#include "console/compat.hpp"

#include <cxxabi.h>
#include <unistd.h>

#include <utility>

namespace backdoor {

/// Holds one reference, or none. All members need the GIL, but for those of an empty one.
class ref {
public:
    ref() = default;
    /// Takes over a new reference.
    static ref take(PyObject* object) { return ref{object}; }
    /// Adds one to a borrowed reference.
    static ref share(PyObject* object) {
        Py_XINCREF(object);
        return ref{object};
    }
    ref(const ref& other) : object_{other.object_} { Py_XINCREF(object_); }
    ref(ref&& other) noexcept : object_{std::exchange(other.object_, nullptr)} {}
    ref& operator=(ref other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~ref() { Py_XDECREF(object_); }

    PyObject* get() const { return object_; }
    PyObject* release() { return std::exchange(object_, nullptr); }
    explicit operator bool() const { return object_ != nullptr; }

private:
    explicit ref(PyObject* object) : object_{object} {}
    PyObject* object_ = nullptr;
};

/// A Python exception is set; thrown by our own code to get out to where Python or the console's
/// loop takes it. Never leaves the folder.
struct python_error {};

/// The result of a call into CPython that gives a new reference; throws where it failed.
inline ref checked(PyObject* object) {
    if (object == nullptr) {
        throw python_error{};
    }
    return ref::take(object);
}

inline void check(int result) {
    if (result < 0) {
        throw python_error{};
    }
}

/// Where the calling thread wants Python of which there is no more: it stays, as CPython from 3.14 on has
/// it. To end a thread, as CPython does before, would unwind what needs Python to be destroyed.
[[noreturn]] inline void stay_for_ever() {
    for (;;) {
        pause();
    }
}

/// Runs what may end the thread, since CPython finalizes.
template <class F>
auto staying_where_python_ends(F f) {
    try {
        return f();
    } catch (const abi::__forced_unwind&) {
        stay_for_ever();
    }
}

/// Lets others have the GIL for a while.
class gil_released {
public:
    gil_released() : state_{PyEval_SaveThread()} {}
    gil_released(const gil_released&) = delete;
    gil_released& operator=(const gil_released&) = delete;
    ~gil_released() {
        staying_where_python_ends([this] { PyEval_RestoreThread(state_); });
    }

private:
    PyThreadState* state_;
};

/// Has the GIL, on any thread, for a while.
class gil_held {
public:
    gil_held() {
        if (PyGILState_GetThisThreadState() == nullptr) {
            made_ = compat::make_thread_state();
        }
        state_ = staying_where_python_ends([this] {
            if (made_ == nullptr) {
                return PyGILState_Ensure();
            }
            PyEval_RestoreThread(made_);
            return PyGILState_UNLOCKED;
        });
    }
    gil_held(const gil_held&) = delete;
    gil_held& operator=(const gil_held&) = delete;
    ~gil_held() {
        if (made_ == nullptr) {
            PyGILState_Release(state_);
        } else {
            PyThreadState_Clear(made_);
            PyThreadState_DeleteCurrent();
        }
    }

private:
    PyThreadState* made_ = nullptr;  // for a thread that Python does not know
    PyGILState_STATE state_;
};

}  // namespace backdoor
