#include "console/turn.hpp"

#include "console/asyncio_loops.hpp"
#include "console/attendant.hpp"
#include "console/audit.hpp"
#include "console/border.hpp"
#include "console/callable.hpp"
#include "console/console_state.hpp"
#include "console/holding.hpp"
#include "console/hub.hpp"
#include "console/loop_call.hpp"
#include "console/rendezvous.hpp"

#include <memory>
#include <string>

namespace backdoor {

namespace {

/// The turn that this thread holds; nested ones are part of the outermost.
struct held_turn {
    std::shared_ptr<rendezvous> meeting;
    int depth = 0;
};

thread_local held_turn mine;

constexpr const char* overrun_message =
    "this turn has lasted longer than options.turn_budget; the host's loop has gone on";

/// With the GIL, on the attendant: the console's code is to stop at its next bytecode.
void stop_overrun(const rendezvous& meeting, unsigned long thread) {
    if (!meeting.ended()) {
        PyThreadState_SetAsyncExc(thread, overrun_type());
    }
}

/// The calling thread is the loop's: all that runs there has the turn already.
bool is_here(const turn_source& source) {
    return source.asyncio_loop && running_loop().get() == source.asyncio_loop.get();
}

/// Its greenlets are what the turn is taken from; null where the calling thread is not the hub's.
std::shared_ptr<hub> hub_of(const turn_source& source) {
    return source.on_hub ? hub::of_this_thread() : nullptr;
}

void enter(const turn_source& source) {
    if (const auto loop = hub_of(source)) {
        loop->begin_turn();
        return;
    }
    if (holds_turn() || is_here(source)) {
        ++mine.depth;
        return;
    }
    if (!source.loop) {
        PyErr_SetString(PyExc_RuntimeError,
                        "there are no turns here: this host lends no loop (options.executor)");
        throw python_error{};
    }
    overrun_type();
    auto meeting = std::make_shared<rendezvous>();
    const auto thread = PyThread_get_thread_ident();
    bool granted = false;
    {
        const gil_released waiting;
        // Prepared, since nothing of ours may fail on the host's loop.
        const auto stop = std::make_shared<attendant::prepared>(
            attendant::prepare([meeting, thread] { stop_overrun(*meeting, thread); }));
        source.loop.post([meeting, stop, budget = source.limits.budget] {
            meeting->grant(budget, [&] { attendant::get().post(*stop); });
        });
        granted = meeting->wait_for_grant(source.limits.wait);
    }
    if (!granted) {
        set_no_answer(source.limits);
        throw python_error{};
    }
    mine = {std::move(meeting), 1};
}

/// Where the turn was overrun raises TurnOverrun, unless an exception is under way: that one goes
/// on, be it the TurnOverrun that broke the code off or one of the code's own.
void leave(const turn_source& source, PyObject* raised) {
    if (const auto loop = hub_of(source)) {
        loop->end_turn();
        return;
    }
    if (--mine.depth > 0 || !mine.meeting) {
        return;
    }
    const bool kept = mine.meeting->end();
    mine.meeting.reset();
    if (kept) {
        return;
    }
    // What stop_overrun() set and nobody has met yet.
    PyThreadState_SetAsyncExc(PyThread_get_thread_ident(), nullptr);
    record_overrun();
    if (raised == nullptr || raised == Py_None) {
        PyErr_SetString(overrun_type(), overrun_message);
        throw python_error{};
    }
    explain_overrun(raised);
}

// ---- with turn(): -----------------------------------------------------------------------------

using content = std::shared_ptr<const turn_source>;

PyObject* context_enter(PyObject* self, PyObject*) {
    return at_border([&] {
        enter(*held<content>(self));
        return ref::share(Py_None).release();
    });
}

PyObject* context_exit(PyObject* self, PyObject* arguments) {
    return at_border([&] {
        leave(*held<content>(self),
              PyTuple_GET_SIZE(arguments) > 1 ? PyTuple_GET_ITEM(arguments, 1) : nullptr);
        return ref::share(Py_False).release();
    });
}

PyTypeObject* context_type() {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyMethodDef methods[] = {
            {"__enter__", context_enter, METH_NOARGS, nullptr},
            {"__exit__", context_exit, METH_VARARGS, nullptr},
            {nullptr, nullptr, 0, nullptr},
        };
        static PyType_Slot slots[] = {
            {Py_tp_methods, methods},
            {Py_tp_dealloc, slot(dealloc_holding<content>)},
            {0, nullptr},
        };
        type = make_holding_type<content>("backdoor.held_turn", slots);
    }
    return type;
}

// ---- turn(f) ----------------------------------------------------------------------------------

PyObject* call_on_loop(const turn_source& source, loop_call::function f) {
    const auto call = loop_call::of_function(std::move(f));
    auto result = call->run_on(source.asyncio_loop, source.limits);
    if (call->overrun()) {
        record_overrun();
    }
    return result.release();
}

PyObject* call_in_turn(const turn_source& source, PyObject* arguments, PyObject* keywords) {
    const auto f = ref::share(PyTuple_GET_ITEM(arguments, 0));
    const auto rest = checked(PyTuple_GetSlice(arguments, 1, PyTuple_GET_SIZE(arguments)));
    if (source.asyncio_loop && !holds_turn() && !is_here(source)) {
        return call_on_loop(source, [f, rest, k = ref::share(keywords)] {
            return ref::take(PyObject_Call(f.get(), rest.get(), k.get()));
        });
    }
    enter(source);
    auto result = ref::take(PyObject_Call(f.get(), rest.get(), keywords));
    if (result) {
        leave(source, nullptr);
        return result.release();
    }
    const auto raised = ref::take(compat::take_exception());
    leave(source, raised.get());
    compat::set_exception(ref{raised}.release());
    return nullptr;
}

PyObject* call(PyObject* self, PyObject* arguments, PyObject* keywords) {
    return at_border([&] {
        const auto& source = held<content>(self);
        if (PyTuple_GET_SIZE(arguments) == 0) {
            return make_holding<content>(context_type(), source).release();
        }
        return call_in_turn(*source, arguments, keywords);
    });
}

PyObject* repr(PyObject*) {
    return PyUnicode_FromString(
        "Use `with turn(): ...` or turn(f, ...): the host's loop holds still meanwhile.");
}

}  // namespace

PyObject* overrun_type() {
    static PyObject* type = nullptr;
    if (type == nullptr) {
        type = checked(PyErr_NewExceptionWithDoc(
                           "backdoor.TurnOverrun",
                           "The code held the host's loop for longer than a turn may last.",
                           PyExc_TimeoutError, nullptr))
                   .release();
    }
    return type;
}

ref new_overrun() { return ref::take(PyObject_CallFunction(overrun_type(), "s", overrun_message)); }

void explain_overrun(PyObject* exception) {
    if (PyErr_GivenExceptionMatches(exception, overrun_type()) != 0) {
        const auto message = checked(Py_BuildValue("(s)", overrun_message));
        check(PyObject_SetAttrString(exception, "args", message.get()));
    }
}

void set_no_answer(const turn_limits& limits) {
    PyErr_Format(PyExc_TimeoutError,
                 "the host's loop did not answer within %lld ms (options.turn_wait)",
                 static_cast<long long>(limits.wait.count()));
}

bool holds_turn() {
    if (!mine.meeting) {
        return false;
    }
    if (mine.meeting->overrun()) {
        PyErr_SetString(overrun_type(), overrun_message);
        throw python_error{};
    }
    return true;
}

bool enter_own_turn() {
    const auto* const console = current_console();
    if (console == nullptr || !console->turns || !console->turns->loop) {
        return false;
    }
    try {
        enter(*console->turns);
    } catch (const python_error&) {
        throw take_as_error();
    }
    return true;
}

void leave_own_turn() noexcept {
    const kept_exception raised;
    try {
        leave(*current_console()->turns, nullptr);
    } catch (const python_error&) {
        PyErr_Clear();
        // The call is over, and can raise nothing by itself: its caller's next step does.
        PyThreadState_SetAsyncExc(PyThread_get_thread_ident(), overrun_type());
    }
}

ref make_turn_function(std::shared_ptr<const turn_source> source) {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyType_Slot slots[] = {
            {Py_tp_call, slot(call)},
            {Py_tp_repr, slot(repr)},
            {Py_tp_dealloc, slot(dealloc_holding<content>)},
            {0, nullptr},
        };
        type = make_holding_type<content>("backdoor.turn", slots);
    }
    return make_holding<content>(type, std::move(source));
}

}  // namespace backdoor
