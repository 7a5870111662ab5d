#include "console/asyncio_loops.hpp"

#include "console/border.hpp"

namespace backdoor {

namespace {

// How long what is left on a console's own loop may take to end.
constexpr double close_seconds = 1;

}  // namespace

ref running_loop() {
    const kept_exception kept;
    PyObject* const asyncio = PyDict_GetItemString(PyImport_GetModuleDict(), "asyncio");
    const auto loop = ref::take(
        asyncio != nullptr ? PyObject_CallMethod(asyncio, "_get_running_loop", nullptr) : nullptr);
    return loop.get() == Py_None ? ref{} : loop;
}

ref make_loop() {
    const auto asyncio = checked(PyImport_ImportModule("asyncio"));
    return checked(PyObject_CallMethod(asyncio.get(), "new_event_loop", nullptr));
}

void close_loop(const ref& loop) {
    const auto run = [&](ref coroutine) {
        checked(PyObject_CallMethod(loop.get(), "run_until_complete", "O", coroutine.get()));
    };
    try {
        const auto asyncio = checked(PyImport_ImportModule("asyncio"));
        const auto tasks =
            checked(PyObject_CallMethod(asyncio.get(), "all_tasks", "O", loop.get()));
        const auto left = checked(PySequence_List(tasks.get()));
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(left.get()); ++i) {
            PyObject* const task = PyList_GET_ITEM(left.get(), i);
            checked(PyObject_CallMethod(task, "cancel", nullptr));
            // It would complain on the application's log of what is never awaited.
            check(PyObject_SetAttrString(task, "_log_destroy_pending", Py_False));
        }
        if (PyList_GET_SIZE(left.get()) > 0) {
            const auto wait = checked(PyObject_GetAttrString(asyncio.get(), "wait"));
            const auto arguments = checked(PyTuple_Pack(1, tasks.get()));
            const auto keywords = checked(Py_BuildValue("{sd}", "timeout", close_seconds));
            run(checked(PyObject_Call(wait.get(), arguments.get(), keywords.get())));
        }
        run(checked(PyObject_CallMethod(loop.get(), "shutdown_asyncgens", nullptr)));
        checked(PyObject_CallMethod(loop.get(), "close", nullptr));
    } catch (const python_error&) {
        PyErr_Clear();
    }
}

}  // namespace backdoor
