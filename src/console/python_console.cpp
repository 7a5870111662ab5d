#include "console/python_console.hpp"

#include "console/asyncio_loops.hpp"
#include "console/attendant.hpp"
#include "console/border.hpp"
#include "console/console_stream.hpp"
#include "console/end_of_python.hpp"
#include "console/interpreter.hpp"
#include "session/best_effort.hpp"
#include "session/forked.hpp"
#include "session/threads.hpp"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace backdoor {

namespace {

// What consoles() shows of a command.
constexpr std::size_t longest_source_shown = 200;

/// A thread that Python did not start stays in threading's books for ever, once it has been asked
/// for its name; and its number may be given to another.
void forget_this_thread() {
    PyObject* const modules = PyImport_GetModuleDict();
    PyObject* const threading = PyDict_GetItemString(modules, "threading");
    const auto active =
        ref::take(threading != nullptr ? PyObject_GetAttrString(threading, "_active") : nullptr);
    const auto number = ref::take(PyLong_FromUnsignedLong(PyThread_get_thread_ident()));
    if (active && number && PyDict_Check(active.get())) {
        (void)PyDict_DelItem(active.get(), number.get());
    }
    PyErr_Clear();
}

}  // namespace

python_console::python_console(console_setup setup) : setup_{std::move(setup)} {}

void python_console::start() {
    if (!current_) {
        prepare_hang_up();
    }
    const auto me = std::make_shared<runner>();
    const auto before = std::exchange(current_, me);
    auto body = [self = shared_from_this(), me] { self->run(*me); };
    try {
        if (setup_.hub) {
            setup_.hub->spawn(std::move(body));
        } else {
            start_thread("backdoor", setup_.signal_mask, std::move(body));
        }
    } catch (...) {
        current_ = before;
        throw;
    }
}

void python_console::run(runner& me) {
    bool over = true;
    try {
        attendant::get().start_python();
        use_utf8_on_this_thread();
        const gil_held gil;
        over = serve(me);
    } catch (const std::exception& failure) {
        tell_of_failure(failure.what());
        exit_status_ = 1;
    }
    if (!over) {
        return;
    }
    // Nothing of the client's is kept by whoever still holds the console.
    const auto finished = std::move(setup_.finished);
    setup_.names.reset();
    finished(exit_status_);
}

void python_console::tell_of_failure(std::string_view what) noexcept {
    best_effort([&] {
        const auto prefix = what.starts_with("backdoor: ") ? "" : "backdoor: this console ends: ";
        setup_.io->tell(prefix + std::string{what} + "\n", sink::error);
    });
}

void python_console::open_state() {
    routing_.emplace();
    getpass_.emplace();
    main_.emplace();
    state_.emplace();
    state_->io = setup_.io;
    state_->trail = setup_.trail;
    state_->streams = {make_input_stream(setup_.io), make_output_stream(setup_.io, false),
                       make_output_stream(setup_.io, true)};
    sys_routing::initialize(*state_);
    auto& names = static_cast<python_names&>(*setup_.names);
    names.initialize(*state_);
    state_->always_shows_source = names.shows_source();
    reader_.emplace(setup_, *state_);
}

bool python_console::is_parents() const { return getpid() != process_; }

/// In a forked child of the application's: a copy of the greenlet, which is to do nothing there.
bool python_console::is_copy() const {
    return setup_.hub && is_parents() && !(state_ && forking_console() == &*state_);
}

/// The exception that is set, if one is, is for the greenlet as a whole.
bool python_console::ends_greenlet() const {
    return is_copy() || (setup_.hub && PyErr_Occurred() != nullptr && (*setup_.hub)->is_exit());
}

bool python_console::serve(runner& me) {
    me.thread = PyThread_get_thread_ident();
    me.state = PyThreadState_Get();
    me.activity.emplace();
    bool failed = false;
    std::string failure;
    std::optional<user_of_python> use;
    try {
        if (setup_.hub) {
            me.greenlet = (*setup_.hub)->current();
        } else {
            use.emplace(setup_.shutdown_limit);
        }
        if (!state_) {
            open_state();
        }
        me.context.emplace(*state_, !setup_.hub);
        while (read_and_run(me) == next::go_on) {
        }
    } catch (const python_error&) {
        // No code runs in a handler: a greenlet might be switched out there.
        failed = true;
        failure = "backdoor: this console cannot go on";
    } catch (const std::exception& thrown) {
        PyErr_Clear();
        failed = true;
        failure = thrown.what();
    }
    me.executing = false;
    me.responsive.reset();
    if (is_parents()) {
        if (!is_copy()) {
            // os.fork() at the prompt: the child has come to the end of its command. exit() would
            // wait for the parent's threads.
            _exit(state_ ? state_->exit_status : 1);
        }
        new auto{shared_from_this()};
        new auto{current_};
        return false;
    }
    if (failed) {
        if (PyErr_Occurred() != nullptr) {
            PyErr_Print();
        }
        tell_of_failure(failure);
    }
    if (me.own_loop) {
        close_loop(me.own_loop);
        me.own_loop = {};
    }
    const bool over = !me.left_behind;
    if (over) {
        over_ = true;
        exit_status_ = state_ ? state_->exit_status : 1;
    }
    me.ended = true;
    me.context.reset();
    if (over) {
        // All that holds Python's objects: the console itself may be let go of without the GIL.
        reader_.reset();
        state_.reset();
        getpass_.reset();
        main_.reset();
        routing_.reset();
    }
    if (setup_.hub) {
        me.greenlet = {};
    } else {
        forget_this_thread();
    }
    return over;
}

void python_console::begin_command(runner& me, const std::string& source) {
    ++me.command;
    me.began = clock::now();
    me.source.assign(source, 0, std::min(source.find('\n'), longest_source_shown));
    command_.begin(me.source, me.began);
    me.executing = true;
    if (setup_.hub) {
        (*setup_.hub)->command_begins(current_, setup_.stall_limit, setup_.time_slice);
    } else {
        me.responsive.emplace();  // on a hub's thread nobody waits for the GIL
    }
    if (setup_.command_limit > setup_.command_limit.zero()) {
        enforce_limit(current_, me.command);
    }
}

void python_console::end_command(runner& me) {
    me.release_from_corner();
    me.responsive.reset();
    if (me.left_behind) {
        return;
    }
    command_.end();
    me.executing = false;
    bool too_late = std::exchange(me.interrupt_due, false);
    if (setup_.hub) {
        (*setup_.hub)->command_ends(me);
        me.interrupts = 0;
    }
    if (std::exchange(me.interrupts, 0) > 0) {
        too_late = compat::has_pending_exception(me.state);
        PyThreadState_SetAsyncExc(me.thread, nullptr);
    }
    if (too_late && !me.completing) {
        // Not for the next command, but for the prompt before it.
        setup_.io->give_back_interrupt();
    }
}

}  // namespace backdoor
