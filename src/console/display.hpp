// What a console shows: values, errors, farewells.
#pragma once

#include "console/console_state.hpp"

namespace backdoor {

/// What sys.displayhook does, with `_` and stdout of the console whose code calls. Throws
/// python_error.
void display(PyObject* value);

/// Shows the exception that is set, as the interactive interpreter does, and clears it.
/// False where it was SystemExit: the console is to end, after what it printed.
bool show_exception(console_state& console);

}  // namespace backdoor
