#pragma once

#include <string_view>

namespace backdoor::editor {

bool is_python_keyword(std::string_view name);
// Those that are keywords in some places only: match, case, type.
bool is_python_soft_keyword(std::string_view name);
bool is_python_builtin(std::string_view name);

}  // namespace backdoor::editor
