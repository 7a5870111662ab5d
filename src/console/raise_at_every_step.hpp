// The last word with code that answers every exception.
#pragma once

#include "console/compat.hpp"

namespace backdoor {

/// From now on that thread's Python code meets KeyboardInterrupt at each line and each call, also in the
/// handlers that would catch it: all it can do is to end. With the GIL, and so while it does not run.
void raise_at_every_step(PyThreadState* thread);

/// On that thread, when its code has ended. Leaves an exception that is set alone.
void raise_no_more();

}  // namespace backdoor
