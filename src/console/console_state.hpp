// What belongs to one console alone, on Python's side.
#pragma once

#include "console/builtins.hpp"
#include "console/pretty.hpp"
#include "console/ref.hpp"

#include <array>
#include <cstddef>
#include <memory>

namespace backdoor {

class audit_trail;
class channel;
struct turn_source;

/// The attributes of sys that each console has for itself.
enum class sys_name : std::size_t {
    standard_in,
    standard_out,
    standard_err,
    displayhook,
    breakpointhook,
    unraisablehook,
    excepthook,
    ps1,
    ps2,
    last_type,
    last_value,
    last_traceback,
    last_exc,
    argv,
    count
};

/// Guarded by the GIL.
struct console_state {
    std::shared_ptr<channel> io;
    std::shared_ptr<const audit_trail> trail;

    /// Its own text streams, in the order of sys_name.
    std::array<ref, 3> streams;

    /// Its own sys.stdin, sys.ps1 and so on; an empty one does not exist (any more).
    std::array<ref, static_cast<std::size_t>(sys_name::count)> sys;

    /// In which `_` is this console's.
    private_builtins builtins;

    /// Tracebacks quote what was typed: options::source_in_tracebacks, or it has a terminal.
    bool shows_source() const;
    bool always_shows_source = false;

    /// The namespace its code runs in.
    ref globals;

    /// Where its code takes turns.
    std::shared_ptr<const turn_source> turns;

    /// What more() goes on with.
    pager rest;

    /// Of the SystemExit that ended it.
    int exit_status = 0;

    ref& operator[](sys_name name) { return sys[static_cast<std::size_t>(name)]; }
};

/// The console whose code runs in the current context, as asyncio's tasks inherit it and threads do
/// not. Null elsewhere, and where that console is over.
console_state* current_console();

/// The calling thread runs a console's commands.
bool on_console_thread();

/// In a forked child: the console whose code forked it; null where that was the application's.
console_state* forking_console();

/// The current context was that of a console that is over.
bool in_former_console();

/// Makes the calling thread's context that of a console, from construction to destruction.
class console_context {
public:
    /// `of_thread`: the thread runs nothing else, as a hub's does, and is the console's also where its
    /// code runs in a context of its own making. Throws python_error.
    console_context(console_state& state, bool of_thread);
    console_context(const console_context&) = delete;
    console_context& operator=(const console_context&) = delete;
    /// On the thread that made it.
    ~console_context();

    /// From any thread: what runs in it is no console's from now on.
    void give_up();

private:
    ref handle_;
    ref context_;
    const bool of_thread_;
};

/// Makes what the calling thread runs the application's: no console's, from construction to
/// destruction.
class outside_consoles {
public:
    /// Throws python_error.
    outside_consoles();
    outside_consoles(const outside_consoles&) = delete;
    outside_consoles& operator=(const outside_consoles&) = delete;
    /// On the thread that made it.
    ~outside_consoles();

private:
    ref context_;
    PyObject* handle_of_thread_;
};

}  // namespace backdoor
