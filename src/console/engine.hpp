// The border between sessions and Python: what the module with Python inside offers. No Python.h.
#pragma once

#include <backdoor/locals.hpp>
#include <backdoor/options.hpp>

#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace backdoor {

class audit_trail;
class channel;
class hub_lease;

/// What all consoles of one server share: the host's names, made into Python objects on demand.
class namespace_source {
public:
    virtual ~namespace_source() = default;
};

/// A command that cannot even be interrupted: it is in a call that lets nobody else use Python.
struct stuck_command {
    std::string source;  ///< its first line; empty where none has begun: the call is another's
    std::chrono::milliseconds time{};
};

/// One client's interpreter, on a thread of its own or on a hub's greenlet. Thread safety: all members; none waits.
class console {
public:
    virtual ~console() = default;

    /// Interrupts the code that runs, if any does.
    virtual void interrupt() = 0;
    /// The client is gone: interrupts what runs until it ends, and gives up after a while. The
    /// channel is closed before. Once.
    virtual void hang_up() noexcept = 0;

    /// The command that was interrupted, where the interrupt could not be delivered yet.
    virtual std::optional<stuck_command> stuck() const = 0;
};

struct console_setup {
    std::shared_ptr<channel> io;
    std::shared_ptr<const audit_trail> trail;
    std::shared_ptr<namespace_source> names;
    /// options.command_limit.
    std::chrono::milliseconds command_limit;
    /// options.slow_command.
    std::chrono::milliseconds slow_command;
    /// The hub on whose greenlets it runs; null: on a thread of its own.
    std::shared_ptr<hub_lease> hub;
    /// options.stall_limit, options.time_slice.
    std::chrono::milliseconds stall_limit;
    std::chrono::milliseconds time_slice;
    /// How long objects at the prompt may take to tell their attributes.
    std::chrono::milliseconds completion_limit;
    /// options.shutdown_limit.
    std::chrono::milliseconds shutdown_limit;
    /// Of the console's thread: the host's, as the server found it, for what consoles start.
    sigset_t signal_mask;
    /// Called once, on the console's thread, after its last touch of Python, with the exit status of
    /// the code that ended it: 0 where that was not exit().
    std::function<void(int status)> finished;
};

/// Python, started or adopted. Thread safety: all members, with or without the GIL.
class engine {
public:
    virtual ~engine() = default;

    /// Starts Python where it does not run yet; open() does so by itself, on the new thread.
    virtual void start() = 0;

    /// The lines before the first prompt, without starting Python.
    virtual std::string banner() const = 0;

    virtual std::shared_ptr<namespace_source> make_names(const locals& names,
                                                         const options& choices) = 0;

    /// Starts a console's thread. Throws std::system_error where no thread can be had.
    virtual std::shared_ptr<console> open(console_setup setup) = 0;

    /// Takes a reference to a Python object. The caller holds the GIL. Throws error where Python does
    /// not run, or for what is no dict.
    virtual std::shared_ptr<_object> keep(_object* object) = 0;
    virtual std::shared_ptr<_object> keep_dict(_object* dict) = 0;

    /// Tells Python's audit hooks, soon, of what happened outside of Python: `backdoor.<name>` with
    /// the session's number, its peer, its user and the text. Nothing where Python does not run.
    virtual void announce(std::string_view name, const audit_trail& trail,
                          std::string_view text) = 0;

    /// Takes a turn of the loop of the console whose code runs here; false where there is none to take.
    /// With the GIL. Throws error where the loop does not answer.
    virtual bool enter_turn() = 0;
    virtual void leave_turn() noexcept = 0;

    /// Runs a wait without the GIL, whether or not the caller holds it.
    virtual void without_gil(const std::function<void()>& wait) = 0;
};

/// Finds out, without loading anything, whether an engine can be had. Throws error where not.
void check_engine();
/// The process's engine, loaded at the first call. Throws error where there is none.
engine& get_engine();
/// The same, or null where nobody called get_engine() yet.
engine* loaded_engine();
/// The engine of a process in which Python runs; else null.
engine* running_engine();

/// What the module gives when it is loaded; it and the library are always of one build.
using create_engine_function = engine*();

}  // namespace backdoor
