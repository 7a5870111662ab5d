// sys for each console alone: the application's keeps what it has.
#pragma once

#include "console/console_state.hpp"

namespace backdoor {

/// While one exists, what sys.stdin, sys.stdout, sys.stderr, sys.displayhook and their like are
/// depends on whose code asks: a console's or the application's. The first one puts the routers in
/// place, the last one restores what was there, with what the application changed meanwhile.
/// Guarded by the GIL.
class sys_routing {
public:
    /// Throws python_error.
    sys_routing();
    sys_routing(const sys_routing&) = delete;
    sys_routing& operator=(const sys_routing&) = delete;
    ~sys_routing();

    /// What a new console's sys starts with.
    static void initialize(console_state& console);

    /// The value is what every console's sys starts with under that name.
    static bool is_original(PyObject* value, sys_name name);
};

/// After a command the interpreter flushes. The console's own streams keep nothing; one that the
/// user put there may.
void flush_streams(console_state& console);

/// Throws python_error with "lost sys.NAME" where the console has none.
PyObject* required(console_state& console, sys_name name);

const char* name_of(sys_name name);

}  // namespace backdoor
