// The audit log, from Python's side: what a console does is recorded, and Python's hooks see it.
#pragma once

#include "console/ref.hpp"
#include "session/audit_log.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace backdoor {

/// With the GIL, which is let go of while the entry is written. An audit hook that raises is not
/// listened to: it has happened already.
void record(const audit_trail& trail, audit_event::kind what, std::string_view text = {},
            std::chrono::microseconds took = {});

/// The same for the attendant, which waits neither for hooks nor for the host's function: on their thread.
void record_soon(std::shared_ptr<const audit_trail> trail, audit_event::kind what, const std::string& text,
                 std::chrono::microseconds took = {});

/// Records a command that is about to run; with the GIL, which is let go of meanwhile.
/// Throws python_error where it must not: an audit hook has raised, or it cannot be recorded and
/// must be.
void record_command(const audit_trail& trail, std::string_view text);

/// The same of what is about to change the program behind its back.
void record_change(const audit_trail& trail, std::string_view text);

/// Records how a command ended: "ok", or the name of the exception that is set, and stays so.
void record_outcome(const audit_trail& trail, std::chrono::steady_clock::duration took);

/// From any thread, without the GIL: Python's hooks are told soon, on their thread.
void announce_to_hooks(std::string_view name, const audit_trail& trail, std::string_view text);

/// A turn of the console whose code calls has held the host's loop for too long.
void record_overrun();

}  // namespace backdoor
