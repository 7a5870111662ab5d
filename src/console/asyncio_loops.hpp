// The loops of asyncio that consoles have to do with.
#pragma once

#include "console/ref.hpp"

namespace backdoor {

/// The asyncio loop that runs on the calling thread; null where none does, or asyncio is not even
/// imported. Leaves an exception that is set alone.
ref running_loop();

/// A loop for a thread that has none. Throws python_error.
ref make_loop();
/// Cancels what is left on it, waits for that, but not for long, and closes it.
void close_loop(const ref& loop);

}  // namespace backdoor
