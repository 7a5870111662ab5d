#pragma once

#include <cstddef>
#include <string_view>

namespace backdoor::editor {

// Places in a block, as offsets in bytes. Lines are those of the block, however the terminal wraps
// them.

std::size_t line_begin(std::string_view text, std::size_t at);
std::size_t line_end(std::string_view text, std::size_t at);

// Words are letters, digits, '_' and all that is not ASCII.
std::size_t word_left(std::string_view text, std::size_t at);
std::size_t word_right(std::string_view text, std::size_t at);

// Words that only white space divides.
std::size_t blank_word_left(std::string_view text, std::size_t at);

// The place in the line from `begin` that is `column` columns from its beginning, or its end.
std::size_t place_in_line(std::string_view text, std::size_t begin, int column);

}  // namespace backdoor::editor
