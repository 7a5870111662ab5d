#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backdoor::editor {

// What all candidates begin with, in whole characters.
std::string common_prefix(const std::vector<std::string>& candidates);

// The candidates in columns, sorted down each, in lines that end in CR LF; as many as the screen
// has room for, and how many more there are.
std::string in_columns(const std::vector<std::string>& candidates, int columns, int rows);

// One line of plain text that a terminal shows as it is.
std::string printable(std::string_view text);

}  // namespace backdoor::editor
