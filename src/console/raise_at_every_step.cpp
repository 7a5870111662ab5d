#include "console/raise_at_every_step.hpp"

#include "console/ref.hpp"

namespace backdoor {

namespace {

int raise_interrupt(PyObject*, PyFrameObject*, int what, PyObject*) {
    if (what != PyTrace_CALL && what != PyTrace_LINE) {
        return 0;
    }
    PyErr_SetNone(PyExc_KeyboardInterrupt);
    return -1;
}

}  // namespace

void raise_at_every_step(PyThreadState* thread) {
    // A trace function is set for the current thread, and which that is we say.
    PyThreadState* const mine = PyThreadState_Swap(thread);
    PyEval_SetTrace(raise_interrupt, nullptr);
    PyThreadState_Swap(mine);
}

void raise_no_more() {
    auto exception = ref::take(compat::take_exception());
    PyEval_SetTrace(nullptr, nullptr);
    if (exception) {
        compat::set_exception(exception.release());
    }
}

}  // namespace backdoor
