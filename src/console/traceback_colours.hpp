// Tracebacks in colours.
#pragma once

#include <string>
#include <string_view>

namespace backdoor {

/// What the traceback module prints, in the colours of Python 3.13: places, the code that the carets
/// mark, and the error. What it does not know stays as it is. No Python here.
std::string in_colours(std::string_view traceback);

}  // namespace backdoor
