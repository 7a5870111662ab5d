// What a call may name.
#pragma once

#include "console/completion_words.hpp"

#include <string_view>

namespace backdoor {

/// Of a text signature, as "($module, iterable, /, *, key=None, reverse=False)", those that may be
/// named: key and reverse. No Python here.
words named_parameters(std::string_view signature);

/// Adds "name=" for each that begins as typed; of what is written in Python, exposed, or in C with
/// a text signature. An empty callable has none. Throws python_error.
void add_parameters(const ref& callable, const std::string& begun, words& out);

}  // namespace backdoor
