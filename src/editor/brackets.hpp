#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "editor/highlighter.hpp"

namespace backdoor::editor {

// The offsets of the bracket before the cursor, or else at it, and of the one that belongs to it;
// empty when there is none. Those in strings and comments are text.
std::vector<std::size_t> matched_brackets(std::string_view text, std::size_t cursor,
                                          const std::vector<span>& spans);

}  // namespace backdoor::editor
