// Words that may stand where something was begun to be typed.
#pragma once

#include "console/ref.hpp"

#include <string>
#include <vector>

namespace backdoor {

using words = std::vector<std::string>;

/// Of one kind. More than these help nobody, and take their time.
inline constexpr std::size_t most_words = 10'000;

/// Adds the strings of an iterable that begin as typed. A name that begins with an underscore shows
/// where one was typed. Throws python_error.
void add_names(PyObject* iterable, const std::string& begun, words& out);

}  // namespace backdoor
