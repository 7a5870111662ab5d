// How a console runs what its client does not type.
#include "console/audit.hpp"
#include "console/display.hpp"
#include "console/evaluation.hpp"
#include "console/program_code.hpp"
#include "console/python_console.hpp"

#include <exception>

namespace backdoor {

/// Null where an exception is set.
ref python_console::run_source(runner& me, const program& what) {
    try {
        (*state_)[sys_name::argv] = program_arguments(what);
        const auto code = compile_program(what);
        auto result = checked(evaluate(me, setup_, *state_, code.get()).release());
        if (what.what == program::kind::expression || what.what == program::kind::json) {
            print_value(what.what, result.get());
        }
        return result;
    } catch (const python_error&) {
        return {};
    }
}

/// Shows the exception that is set, if it has not succeeded. Returns the exit status.
int python_console::show_end_of_program(runner& me, bool succeeded) {
    if (succeeded) {
        return 0;
    }
    const bool interrupted = PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) != 0;
    const int interrupts = me.interrupts;
    const bool goes_on = show_exception(*state_);
    if (interrupted || me.interrupts != interrupts) {
        return interrupted_status;  // the program, or what it had to say at last
    }
    return goes_on ? 1 : state_->exit_status;
}

python_console::next python_console::run_program(runner& me) {
    const auto what = setup_.io->take_program();
    const auto trail = setup_.trail;
    state_->builtins.follow();
    state_->exit_status = 0;
    bool recorded = true;
    try {
        record_command(*trail, what.source);
    } catch (const python_error&) {
        recorded = false;
    }
    if (!recorded) {
        record(*trail, audit_event::kind::result, "not run");
        setup_.io->end_program(show_end_of_program(me, false));
        return next::go_on;
    }
    begin_command(me, what.source);
    const auto result = run_source(me, what);
    if (me.left_behind || ends_greenlet()) {
        PyErr_Clear();
        end_command(me);
        return next::stop;
    }
    record_outcome(*trail, clock::now() - me.began);
    if (setup_.io->is_closed()) {
        PyErr_Clear();
        end_command(me);
        return next::stop;
    }
    // As for what is typed: an exception's text may have to be interrupted.
    const int status = show_end_of_program(me, static_cast<bool>(result));
    if (me.left_behind) {
        return next::stop;
    }
    flush_streams(*state_);
    end_command(me);
    state_->exit_status = 0;  // it was this program's, not the console's
    setup_.io->end_program(status);
    return next::go_on;
}

}  // namespace backdoor
