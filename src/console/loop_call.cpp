#include "console/loop_call.hpp"

#include "console/attendant.hpp"
#include "console/border.hpp"
#include "console/loop_coroutine.hpp"
#include "console/turn.hpp"

#include <utility>

namespace backdoor {

namespace {

// Whoever minds no cancelling is left to itself with the next interrupt.
constexpr int most_interrupts_ignored = 2;
// How often it is looked whether the loop was closed, which tells nobody.
constexpr std::chrono::seconds closed_check{1};
// How often code that goes on after it has overrun is interrupted.
constexpr std::chrono::milliseconds insist_interval{100};

ref new_exception(PyObject* type, const char* text) {
    return ref::take(text != nullptr ? PyObject_CallFunction(type, "s", text)
                                     : PyObject_CallNoArgs(type));
}

bool is_cancellation(PyObject* exception) {
    const auto asyncio = ref::take(PyImport_ImportModule("asyncio"));
    const auto type =
        ref::take(asyncio ? PyObject_GetAttrString(asyncio.get(), "CancelledError") : nullptr);
    PyErr_Clear();
    return type && PyErr_GivenExceptionMatches(exception, type.get()) != 0;
}

/// What the client asked for with Ctrl-C, shown where it hit.
ref as_interrupt(const ref& cancellation) {
    auto interrupt = new_exception(PyExc_KeyboardInterrupt, nullptr);
    const auto traceback = ref::take(PyException_GetTraceback(cancellation.get()));
    if (interrupt && traceback) {
        PyException_SetTraceback(interrupt.get(), traceback.get());
    }
    return interrupt;
}

}  // namespace

std::shared_ptr<loop_call> loop_call::of_coroutine(ref coroutine) {
    auto call = std::make_shared<loop_call>();
    call->coroutine_ = std::move(coroutine);
    return call;
}

std::shared_ptr<loop_call> loop_call::of_function(function f) {
    auto call = std::make_shared<loop_call>();
    call->function_ = std::move(f);
    return call;
}

// ---- on the thread that waits -----------------------------------------------------------------

ref loop_call::run_on(const ref& loop, turn_limits limits) {
    loop_ = loop;
    limits_ = limits;
    const auto context = checked(PyContext_CopyCurrent());
    const auto post = checked(PyObject_GetAttrString(loop.get(), "call_soon_threadsafe"));
    const auto arguments = checked(PyTuple_Pack(1, make_coroutine(shared_from_this()).get()));
    const auto keywords = checked(Py_BuildValue("{sO}", "context", context.get()));
    if (ref::take(PyObject_Call(post.get(), arguments.get(), keywords.get()))) {
        wait();
    } else {
        give_up(ref::take(compat::take_exception()));
    }
    return take_result();
}

ref loop_call::run_here(const ref& loop) {
    loop_ = loop;
    own_loop_ = true;
    change(state::runs);
    task_ = checked(
        PyObject_CallMethod(loop.get(), "create_task", "O", make_coroutine(shared_from_this()).get()));
    if (!ref::take(PyObject_CallMethod(loop.get(), "run_until_complete", "O", task_.get()))) {
        // Broken off in something else on the loop, or the loop was stopped.
        auto broken_off = ref::take(compat::take_exception());
        cancel();
        give_up(std::move(broken_off));
    }
    return take_result();
}

void loop_call::wait() {
    while (state_ == state::asked || state_ == state::runs) {
        const auto before = state_;
        bool moved = false;
        {
            const gil_released waiting;
            std::unique_lock guard{mutex_};
            const std::chrono::milliseconds limit =
                before == state::asked ? limits_.wait : closed_check;
            moved = changed_.wait_for(guard, limit, [&] { return state_ != before; });
        }
        if (moved) {
            continue;
        }
        if (state_ == state::asked) {
            set_no_answer(limits_);
            give_up(ref::take(compat::take_exception()));
        } else if (state_ == state::runs) {
            const auto closed = ref::take(PyObject_CallMethod(loop_.get(), "is_closed", nullptr));
            PyErr_Clear();
            if (closed.get() == Py_True) {
                give_up(new_exception(PyExc_RuntimeError, "the host's loop was closed meanwhile"));
            }
        }
    }
}

ref loop_call::take_result() {
    if (exception_ && interrupts_ > 0 && is_cancellation(exception_.get())) {
        exception_ = as_interrupt(exception_);
    }
    loop_ = {};
    if (exception_) {
        compat::set_exception(exception_.release());
        return {};
    }
    return std::move(result_);
}

// ---- on the loop's thread ---------------------------------------------------------------------

void loop_call::begin(PyObject* self) {
    if (state_ != state::asked) {
        return;
    }
    change(state::runs);
    signal_ = std::make_unique<main_thread_signal>([this] { return on_signal(); });
    if (function_) {
        end(make_step(function_));
        return;
    }
    auto task = ref::take(PyObject_CallMethod(loop_.get(), "create_task", "O", self));
    if (!task) {
        end({});
    } else if (state_ == state::runs) {
        task_ = std::move(task);
    }
}

PyObject* loop_call::step(const char* method, PyObject* arguments) {
    const auto alive = shared_from_this();
    const auto go = checked(PyObject_GetAttrString(coroutine_.get(), method));
    auto awaited =
        make_step([&] { return ref::take(PyObject_Call(go.get(), arguments, nullptr)); });
    if (awaited) {
        return awaited.release();
    }
    end({});
    PyErr_SetNone(PyExc_StopIteration);
    return nullptr;
}

ref loop_call::make_step(const function& go) {
    in_step_ = true;
    thread_ = PyThread_get_thread_ident();
    step_began_ = clock::now();
    if (!own_loop_ && !watched_) {
        watch(limits_.budget);
    }
    auto result = go();
    in_step_ = due_ = false;
    if (std::exchange(raised_, false)) {
        // It may not have met it.
        PyThreadState_SetAsyncExc(thread_, nullptr);
    }
    return result;
}

void loop_call::end(ref result) {
    task_ = {};
    auto exception = ref::take(result ? nullptr : compat::take_exception());
    signal_.reset();
    if (state_ != state::runs) {
        return;
    }
    if (result && overrun_) {
        exception = new_overrun();
    } else if (exception && PyErr_GivenExceptionMatches(exception.get(), PyExc_StopIteration)) {
        result = ref::share(Py_None);
        exception = {};
    } else if (exception) {
        explain_overrun(exception.get());
    }
    result_ = std::move(result);
    exception_ = std::move(exception);
    change(state::ended);
}

// ---- on any thread ----------------------------------------------------------------------------

void loop_call::change(state next) {
    {
        const std::lock_guard guard{mutex_};
        state_ = next;
    }
    changed_.notify_all();
}

void loop_call::give_up(ref exception) {
    if (state_ == state::asked && coroutine_) {
        // Python warns of those that are never begun.
        ref::take(PyObject_CallMethod(coroutine_.get(), "close", nullptr));
        PyErr_Clear();
    }
    exception_ = std::move(exception);
    task_ = {};
    change(state::given_up);
}

bool loop_call::interrupt() {
    if (state_ == state::ended || state_ == state::given_up) {
        return true;
    }
    ++interrupts_;
    if (own_loop_) {
        if (interrupts_ > 1) {
            return false;
        }
        if (in_step_) {
            raise_in_step(PyExc_KeyboardInterrupt);
            return true;
        }
        return cancel();
    }
    if (state_ == state::asked) {
        give_up(new_exception(PyExc_KeyboardInterrupt, nullptr));
    } else if (interrupts_ > most_interrupts_ignored || !cancel()) {
        give_up(new_exception(PyExc_KeyboardInterrupt,
                              "it was cancelled and goes on all the same, on the host's loop"));
    }
    return true;
}

bool loop_call::cancel() {
    const auto cancel = ref::take(task_ ? PyObject_GetAttrString(task_.get(), "cancel") : nullptr);
    const auto posted = ref::take(
        cancel ? PyObject_CallMethod(loop_.get(), "call_soon_threadsafe", "O", cancel.get())
               : nullptr);
    PyErr_Clear();
    return static_cast<bool>(posted);
}

void loop_call::watch(clock::duration delay) {
    watched_ = true;
    // Not kept alive: what is not run before Python ends is destroyed without the GIL.
    attendant::get().post(
        [weak = weak_from_this()] {
            if (const auto self = weak.lock()) {
                self->look();
            }
        },
        delay);
}

/// On the attendant.
void loop_call::look() {
    if (!in_step_) {
        watched_ = false;
        return;
    }
    const auto left = limits_.budget - (clock::now() - step_began_);
    if (left > left.zero()) {
        watch(left);
        return;
    }
    overrun_ = true;
    raise_in_step(overrun_type());
    watch(insist_interval);
}

void loop_call::raise_in_step(PyObject* type) {
    if (signal_ && signal_->is_installed()) {
        due_ = true;
        signal_->send();
        return;
    }
    raised_ = true;
    PyThreadState_SetAsyncExc(thread_, type);
}

/// On the loop's thread, which is Python's main one.
main_thread_signal::outcome loop_call::on_signal() {
    if (!std::exchange(due_, false)) {
        return main_thread_signal::outcome::not_meant;
    }
    PyErr_SetNone(overrun_type());
    return main_thread_signal::outcome::raised;
}

}  // namespace backdoor
