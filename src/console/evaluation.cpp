#include "console/evaluation.hpp"

#include "console/asyncio_loops.hpp"
#include "console/audit.hpp"
#include "console/end_of_python.hpp"
#include "console/names.hpp"
#include "console/statement.hpp"
#include "session/channel.hpp"

#include <utility>

namespace backdoor {

namespace {

/// CPython notes that exec() was left by KeyboardInterrupt, and would end the process as by SIGINT
/// when its main program has ended. The next source that it runs makes it forget.
void forget_interrupt_of_process(PyObject* globals) {
    if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) == 0) {
        return;
    }
    auto interrupt = ref::take(compat::take_exception());
    ref::take(PyRun_String("0", Py_eval_input, globals, globals));
    PyErr_Clear();
    compat::set_exception(interrupt.release());
}

ref await(runner& me, const python_names& names, ref coroutine) {
    const auto call = me.awaited = loop_call::of_coroutine(std::move(coroutine));
    ref result;
    try {
        if (names.asyncio_loop() != nullptr) {
            result = call->run_on(ref::share(names.asyncio_loop()), names.limits());
        } else {
            if (!me.own_loop) {
                me.own_loop = make_loop();
            }
            result = call->run_here(me.own_loop);
        }
    } catch (const python_error&) {
        // As if the coroutine had raised it.
    }
    me.awaited = {};
    if (call->overrun()) {
        record_overrun();
    }
    return result;
}

}  // namespace

ref evaluate(runner& me, const console_setup& setup, const console_state& state, PyObject* code) {
    const auto globals = state.globals;
    auto result = [&] {
        if (setup.io->take_interrupt()) {
            // It came when the command was read, but did not run yet.
            PyErr_SetNone(PyExc_KeyboardInterrupt);
            return ref{};
        }
        auto* const value = staying_where_python_ends(
            [&] { return PyEval_EvalCode(code, globals.get(), globals.get()); });
        me.release_from_corner();
        return ref::take(value);
    }();
    if (result && makes_coroutine(code)) {
        result = await(me, static_cast<const python_names&>(*setup.names), std::move(result));
    }
    if (!result) {
        forget_interrupt_of_process(globals.get());
    }
    return result;
}

}  // namespace backdoor
