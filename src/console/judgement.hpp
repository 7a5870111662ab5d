// Whether what stands in a line editor is whole.
#pragma once

#include "console/console_state.hpp"
#include "console/statement.hpp"
#include "editor/event.hpp"

#include <string_view>

namespace backdoor {

/// Judges a block of whole lines as the statements that will be read from it, one behind the other.
/// `so_far` is what the block would be added to; it stays as it is. Nothing is run, nothing shown.
editor::verdict judge_block(console_state& console, const statement& so_far,
                            std::string_view block);

}  // namespace backdoor
