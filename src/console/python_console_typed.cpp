// How a console runs what its client types.
#include "console/attendant.hpp"
#include "console/audit.hpp"
#include "console/completion.hpp"
#include "console/display.hpp"
#include "console/elapsed.hpp"
#include "console/evaluation.hpp"
#include "console/judgement.hpp"
#include "console/python_console.hpp"
#include "console/waiting.hpp"

#include <utility>

namespace backdoor {

python_console::next python_console::read_and_run(runner& me) {
    using result = statement_reader::result;
    switch (reader_->read([&] { return answer_question(me); })) {
        case result::statement:
            return execute(me);
        case result::error:
            record_wrong_source();
            return show_error();
        case result::nothing:
            return next::go_on;
        case result::thrown:
            return after_exception_at_prompt();
        case result::program:
            return run_program(me);
        case result::ended:
            say(*setup_.io, setup_.io->has_terminal() ? "now exiting InteractiveConsole...\n"
                                                      : "\nnow exiting InteractiveConsole...\n");
            break;
        case result::closed:
            break;
    }
    return next::stop;
}

/// A timeout that was set at the prompt, or the end of the greenlet.
python_console::next python_console::after_exception_at_prompt() {
    if (ends_greenlet()) {
        PyErr_Clear();
        return next::stop;
    }
    say(*setup_.io, "\n");
    return show_error();
}

/// False where this runner is left behind meanwhile.
bool python_console::answer_question(runner& me) {
    const auto what = setup_.io->take_question();
    if (const auto* block = std::get_if<editor::wants_judgement>(&what)) {
        setup_.io->give(judge_block(*state_, reader_->current(), block->text));
        return true;
    }
    // Objects have a say in what their attributes are, and may take their time.
    begin_command(me, reader_->current().source());
    me.completing = true;
    attendant::get().post(
        [self = shared_from_this(), one = current_, command = me.command] {
            if (self->current_ == one && one->executing && one->command == command) {
                self->setup_.io->give(completions{});
                self->break_off();
            }
        },
        setup_.completion_limit);
    auto found = complete(*state_, std::get<editor::wants_completion>(what));
    end_command(me);
    me.completing = false;
    if (me.left_behind) {
        return false;
    }
    setup_.io->give(std::move(found));
    return true;
}

python_console::next python_console::execute(runner& me) {
    state_->builtins.follow();
    const auto& typed = reader_->current();
    const auto code = typed.code();
    const auto trail = setup_.trail;
    bool recorded = true;
    try {
        record_command(*trail, typed.text());
    } catch (const python_error&) {
        recorded = false;
    }
    if (!recorded) {
        record(*trail, audit_event::kind::result, "not run");
        return show_error();
    }
    begin_command(me, typed.source());
    const auto waits = setup_.io->waits();
    const auto result = evaluate(me, setup_, *state_, code.get());
    if (ends_greenlet()) {
        PyErr_Clear();
        end_command(me);
        return next::stop;
    }
    if (me.left_behind) {
        PyErr_Clear();
        return next::stop;
    }
    const auto took = clock::now() - me.began;
    record_outcome(*trail, took);
    if (setup_.io->is_closed()) {
        // Nobody is there to be shown anything; the host's standard error is not the place.
        PyErr_Clear();
        end_command(me);
        return next::stop;
    }
    // An exception's text is code's too, and may have to be interrupted.
    const auto then = result ? next::go_on : show_error();
    if (me.left_behind) {
        return next::stop;
    }
    flush_streams(*state_);
    end_command(me);
    if (then == next::go_on) {
        tell_time(took, waits);
    }
    return then;
}

void python_console::tell_time(clock::duration took, std::size_t waits_before) {
    const auto limit = setup_.slow_command;
    // Of a command that waited for its client it would be the client's time.
    if (limit == limit.zero() || took < limit || setup_.io->waits() != waits_before) {
        return;
    }
    if (const auto terminal = setup_.io->terminal_screen()) {
        const auto text = "(" + elapsed_text(took) + ")";
        setup_.io->try_write(terminal->colour ? "\x1b[2m" + text + "\x1b[0m\n" : text + "\n");
    }
}

python_console::next python_console::show_error() {
    // What stands behind it in a block counted on it.
    reader_->drop_block();
    return show_exception(*state_) ? next::go_on : next::stop;
}

void python_console::record_wrong_source() {
    auto exception = ref::take(compat::take_exception());
    record(*setup_.trail, audit_event::kind::command, reader_->current().text());
    compat::set_exception(exception.release());
    record_outcome(*setup_.trail, {});
}

}  // namespace backdoor
