// The objects that stand for sys.stdin, sys.stdout or sys.stderr of every console.
#pragma once

#include "console/console_state.hpp"

namespace backdoor {

/// What a router stands for.
enum class routed { current, original };

/// A stream that is, in each context, that console's own; elsewhere `application`, which may
/// change. `current` is what the console's sys.stdout is now, and stands in sys's dict; `original` is
/// the console's own stream, whatever has been put in its place: what sys.stdout is at first, and
/// sys.__stdout__ always. It looks and behaves like what it stands for. Throws python_error.
ref make_stream_router(sys_name slot, routed what, ref& application);

}  // namespace backdoor
