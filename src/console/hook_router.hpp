// The functions that stand for sys.displayhook, or another hook, of every console.
#pragma once

#include "console/console_state.hpp"
#include "console/stream_router.hpp"

namespace backdoor {

/// A function that calls, in each context, that console's own hook; elsewhere `application`, which
/// may change. `current` and `original` as for streams. Throws python_error.
ref make_hook_router(sys_name slot, routed what, const char* name, ref& application);

}  // namespace backdoor
