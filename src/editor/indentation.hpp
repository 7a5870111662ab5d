#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backdoor::editor {

inline constexpr std::size_t indentation_width = 4;

// Only blanks, or nothing.
bool is_blank(std::string_view text);

// Of a new line behind `line`: the same, one level more after a colon, and one less after what
// leaves its block, such as `return`.
std::string indentation_after(std::string_view line);

// How many blanks one Backspace takes from the end of `before`, what the line has before the
// cursor; 0 when it is not only blanks.
std::size_t level_to_remove(std::string_view before);

// What one Tab adds there; empty when it is not only blanks.
std::string level_to_add(std::string_view before);

}  // namespace backdoor::editor
