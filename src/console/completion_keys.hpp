// What may stand in the brackets behind a mapping.
#pragma once

#include "console/completion_words.hpp"

namespace backdoor {

/// The keys that begin as typed, up to the bracket: of a plain dict or os.environ. `quote` is the
/// one that was typed before, and 0 where there was none: then numbers are meant, and the others
/// are in quotes of their own. Throws python_error.
words keys(const ref& object, const std::string& begun, char quote);

}  // namespace backdoor
