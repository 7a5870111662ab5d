#pragma once

#include <string>
#include <string_view>

namespace backdoor::editor {

enum class letter_case { upper, lower, capital };

// The letters of a word, with what stands before it, in another case. Of any script.
std::string in_case(std::string_view word, letter_case wanted);

}  // namespace backdoor::editor
