// How what was typed may go on.
#pragma once

#include "console/console_state.hpp"
#include "editor/event.hpp"
#include "session/editing.hpp"

namespace backdoor {

/// Names, keywords and a call's parameters; attributes, modules and their members behind `import`,
/// keys of a dict, file names within a string. What is looked up on the way is looked up without
/// running properties or getters; only what an object says in a __dir__ of its own is asked for.
/// Errors mean no candidates.
completions complete(console_state& console, const editor::wants_completion& typed);

}  // namespace backdoor
