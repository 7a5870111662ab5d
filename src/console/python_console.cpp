#include "console/python_console.hpp"

#include "console/attendant.hpp"
#include "console/audit.hpp"
#include "console/border.hpp"
#include "console/completion.hpp"
#include "console/console_stream.hpp"
#include "console/display.hpp"
#include "console/end_of_python.hpp"
#include "console/interpreter.hpp"
#include "console/judgement.hpp"
#include "console/raise_at_every_step.hpp"
#include "console/switch_interval.hpp"
#include "console/waiting.hpp"
#include "session/best_effort.hpp"
#include "session/forked.hpp"
#include "session/threads.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <utility>

namespace backdoor {

namespace {

// What consoles() shows of a command.
constexpr std::size_t longest_source_shown = 200;

// The file that code comes from where nothing quotes it.
constexpr const char* plain_source_name = "<stdin>";

/// The prompt as the interpreter shows it: the text of any object, nothing where it has none.
std::string prompt_text(console_state& state, sys_name name) {
    const ref object = state[name];
    if (!object) {
        return {};
    }
    const auto text = ref::take(PyObject_Str(object.get()));
    const char* const utf8 = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
    if (utf8 == nullptr) {
        PyErr_Clear();
        return {};
    }
    return utf8;
}

/// "1.53 s", "2 min 3 s", "1 h 2 min"
std::string to_text(std::chrono::steady_clock::duration time) {
    using namespace std::chrono;
    const auto seconds = duration_cast<std::chrono::seconds>(time).count();
    const auto pair = [](auto large, const char* unit, auto small, const char* other) {
        return std::to_string(large) + unit + std::to_string(small) + other;
    };
    if (seconds >= 3600) {
        return pair(seconds / 3600, " h ", seconds / 60 % 60, " min");
    }
    if (seconds >= 60) {
        return pair(seconds / 60, " min ", seconds % 60, " s");
    }
    const auto hundredths = duration_cast<milliseconds>(time).count() / 10 % 100;
    return pair(seconds, hundredths < 10 ? ".0" : ".", hundredths, " s");
}

/// CPython notes that exec() was left by KeyboardInterrupt, and would end the process as by SIGINT when
/// its main program has ended. The next source that it runs makes it forget.
void forget_interrupt_of_process(PyObject* globals) {
    if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) == 0) {
        return;
    }
    auto interrupt = ref::take(compat::take_exception());
    ref::take(PyRun_String("0", Py_eval_input, globals, globals));
    PyErr_Clear();
    compat::set_exception(interrupt.release());
}

void release_from_corner(runner& me) {
    if (std::exchange(me.cornered, false)) {
        raise_no_more();
    }
}

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
        statement_.clear();
        block_.clear();
        source_.reset();
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

// ---- reading ----------------------------------------------------------------------------------

bool python_console::read_line(runner& me, const reading& what, std::string& line) {
    if (!what.is_shown && setup_.io->try_read_line(what, line)) {
        last_read_ = outcome::done;
        return !statement_.empty() || others_have_run();
    }
    for (;;) {
        try {
            last_read_ = backdoor::read_line(*setup_.io, what, line);
        } catch (const python_error&) {
            thrown_ = true;
            last_read_ = outcome::interrupted;
        }
        if (last_read_ != outcome::asked) {
            return last_read_ == outcome::done;
        }
        answer_question(me);
    }
}

/// The application runs between two commands, also where the next one is there already. False where
/// something was thrown in meanwhile.
bool python_console::others_have_run() {
    if (!setup_.hub) {
        return true;
    }
    try {
        (*setup_.hub)->pause();
    } catch (const python_error&) {
        thrown_ = true;
        last_read_ = outcome::interrupted;
    }
    return !thrown_;
}

void python_console::answer_question(runner& me) {
    const auto what = setup_.io->take_question();
    if (const auto* block = std::get_if<editor::wants_judgement>(&what)) {
        setup_.io->give(judge_block(*state_, statement_, block->text));
        return;
    }
    // Objects have a say in what their attributes are, and may take their time.
    begin_command(me, statement_.source());
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
    if (!me.left_behind) {
        setup_.io->give(std::move(found));
    }
}

statement::state python_console::add_line(const std::string& line,
                                          const std::string& next_prompt) {
    auto result = statement_.add(line);
    std::string block;
    // A paste is judged as a whole where it can be.
    while (result == statement::state::incomplete) {
        block.clear();
        const auto count = setup_.io->peek_block(block);
        if (count < 2) {
            break;
        }
        std::size_t used = 0;
        result = statement_.add_block(block, count, used);
        setup_.io->skip_lines(used);
        if (setup_.io->has_terminal()) {
            continue;  // it shows them itself
        }
        std::string prompts;
        for (std::size_t i = 0; i < used; ++i) {
            prompts += next_prompt;
        }
        say(prompts);
    }
    return result;
}

bool python_console::take_block(const std::string& first_line) {
    if (!setup_.io->has_terminal()) {
        return false;
    }
    const auto block = first_line + setup_.io->take_block();
    auto how = statement::state::wrong;
    auto parts = statement_.parse_block(block, how);
    if (how != statement::state::complete || parts.size() < 2) {
        // As it would be typed: that is how its error is told, too.
        setup_.io->push(block.substr(first_line.size()));
        return false;
    }
    block_.assign(std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end()));
    remember_source(block);
    return true;
}

void python_console::name_source() {
    if (state_->shows_source()) {
        statement_.set_file_name(typed_source::new_name());
    } else {
        statement_.set_file_name(plain_source_name);
    }
}

void python_console::remember_source(const std::string& source) {
    if (statement_.file_name() == plain_source_name) {
        return;
    }
    if (!source_) {
        source_.emplace();
    }
    source_->add(statement_.file_name(), source);
}

/// What is thrown into the greenlet meanwhile is met when it reads next.
void python_console::say(std::string_view text) {
    try {
        backdoor::write(*setup_.io, text);
    } catch (const python_error&) {
        PyErr_Clear();
    }
}

void python_console::tell_of_interrupt(const std::string& notice) {
    if (!notice.empty()) {
        say(notice);
    } else {
        say(setup_.io->has_terminal() ? "KeyboardInterrupt\n" : "\nKeyboardInterrupt\n");
    }
}

statement::state python_console::read_statement(runner& me) {
    statement_.clear();
    // Where the host has no loop: an editor's users only, since `python3 -i` has none on a pipe.
    // A hub would not run meanwhile.
    statement_.allow_await(
        !setup_.hub && (setup_.io->has_terminal() ||
                        static_cast<python_names&>(*setup_.names).asyncio_loop() != nullptr));
    if (!block_.empty()) {
        if (!others_have_run()) {
            return statement::state::nothing;
        }
        statement_.take_part(std::move(block_.front()));
        block_.pop_front();
        return statement::state::complete;
    }
    std::string line;
    const auto prompt = prompt_text(*state_, sys_name::ps1);
    const auto continuation = prompt_text(*state_, sys_name::ps2);
    // The session has shown the first prompt, before there was a console.
    reading what{read_kind::statement, prompt, continuation, !std::exchange(greeted_, true)};
    for (;;) {
        if (!read_line(me, what, line)) {
            if (last_read_ == outcome::ended && !statement_.empty()) {
                say("\n");
                return statement_.finish();
            }
            if (last_read_ == outcome::interrupted && !thrown_) {
                tell_of_interrupt(line);
            }
            return statement::state::nothing;
        }
        if (statement_.empty()) {
            name_source();
            if (take_block(line)) {
                return read_statement(me);
            }
        }
        const auto result = add_line(line, continuation);
        const bool asks_on =
            result == statement::state::complete || result == statement::state::nothing;
        if (!line.ends_with('\n') && asks_on) {
            // The input ended in mid-line: the interpreter asks for the rest.
            say(continuation + "\n");
            if (result == statement::state::nothing) {
                last_read_ = outcome::ended;
            }
        }
        if (result != statement::state::incomplete) {
            return result;
        }
        what = {read_kind::statement, continuation, continuation};
    }
}

// ---- running ----------------------------------------------------------------------------------

python_console::next python_console::read_and_run(runner& me) {
    const auto result = read_statement(me);
    if (std::exchange(thrown_, false)) {
        return after_exception_at_prompt();
    }
    switch (result) {
        case statement::state::complete:
            if (!statement_.is_part()) {
                remember_source(statement_.source());
            }
            if (statement_.make_code()) {
                return execute(me);
            }
            [[fallthrough]];
        case statement::state::wrong:
            record_wrong_source();
            return show_error();
        default:
            break;
    }
    if (last_read_ == outcome::program) {
        return run_program(me);
    }
    if (last_read_ == outcome::ended) {
        say(setup_.io->has_terminal() ? "now exiting InteractiveConsole...\n"
                                      : "\nnow exiting InteractiveConsole...\n");
        return next::stop;
    }
    return last_read_ == outcome::closed ? next::stop : next::go_on;
}

/// A timeout that was set at the prompt, or the end of the greenlet.
python_console::next python_console::after_exception_at_prompt() {
    if (ends_greenlet()) {
        PyErr_Clear();
        return next::stop;
    }
    say("\n");
    return show_error();
}

void python_console::begin_command(runner& me, const std::string& source) {
    ++me.command;
    me.began = clock::now();
    command_began_ = me.began.time_since_epoch().count();
    me.source.assign(source, 0, std::min(source.find('\n'), longest_source_shown));
    {
        const std::lock_guard guard{naming_};
        command_ = me.source;
    }
    me.executing = true;
    if (setup_.hub) {
        (*setup_.hub)->command_begins(current_, setup_.stall_limit, setup_.time_slice);
    }
    if (setup_.command_limit > setup_.command_limit.zero()) {
        enforce_limit(current_, me.command);
    }
}

ref python_console::evaluate(runner& me, PyObject* code) {
    const auto globals = state_->globals;
    auto result = [&] {
        if (setup_.io->take_interrupt()) {
            // It came when the command was read, but did not run yet.
            PyErr_SetNone(PyExc_KeyboardInterrupt);
            return ref{};
        }
        // On a hub's thread nobody waits for the GIL.
        std::optional<lowered_switch_interval> responsive;
        if (!setup_.hub) {
            responsive.emplace();
        }
        auto* const value = staying_where_python_ends(
            [&] { return PyEval_EvalCode(code, globals.get(), globals.get()); });
        release_from_corner(me);
        return ref::take(value);
    }();
    if (result && makes_coroutine(code)) {
        result = await(me, std::move(result));
    }
    if (!result) {
        forget_interrupt_of_process(globals.get());
    }
    return result;
}

ref python_console::await(runner& me, ref coroutine) {
    const auto& names = static_cast<const python_names&>(*setup_.names);
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

python_console::next python_console::execute(runner& me) {
    state_->builtins.follow();
    const auto code = statement_.code();
    const auto trail = setup_.trail;
    bool recorded = true;
    try {
        record_command(*trail, statement_.text());
    } catch (const python_error&) {
        recorded = false;
    }
    if (!recorded) {
        record(*trail, audit_event::kind::result, "not run");
        return show_error();
    }
    begin_command(me, statement_.source());
    const auto waits = setup_.io->waits();
    const auto result = evaluate(me, code.get());
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
        const auto text = "(" + to_text(took) + ")";
        setup_.io->try_write(terminal->colour ? "\x1b[2m" + text + "\x1b[0m\n" : text + "\n");
    }
}

python_console::next python_console::show_error() {
    // What stands behind it in a block counted on it.
    setup_.io->take_block();
    block_.clear();
    return show_exception(*state_) ? next::go_on : next::stop;
}

void python_console::end_command(runner& me) {
    release_from_corner(me);
    if (me.left_behind) {
        return;
    }
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

void python_console::record_wrong_source() {
    auto exception = ref::take(compat::take_exception());
    record(*setup_.trail, audit_event::kind::command, statement_.text());
    compat::set_exception(exception.release());
    record_outcome(*setup_.trail, {});
}

}  // namespace backdoor
