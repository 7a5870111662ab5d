// here(f) at the prompt: a callable that belongs to this console on any thread.
#pragma once

#include "console/ref.hpp"

namespace backdoor {

/// The function `here`: wraps a callable so that what it prints, wherever and whenever it is called,
/// goes to the console that was current when it was wrapped. Once that console is over the callable
/// still runs, and its output is dropped. Throws python_error.
ref make_here_function();

}  // namespace backdoor
