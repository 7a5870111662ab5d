// How the code of a command runs.
#pragma once

#include "console/console_state.hpp"
#include "console/engine.hpp"
#include "console/runner.hpp"

namespace backdoor {

/// Runs code in the console's namespace, and on a loop what it awaits. Null where an exception is
/// set: the code's, or KeyboardInterrupt where the client's interrupt has come before it. On the
/// runner's thread.
ref evaluate(runner& me, const console_setup& setup, const console_state& state, PyObject* code);

}  // namespace backdoor
