// What may stand behind `import`.
#pragma once

#include "console/completion_words.hpp"

namespace backdoor {

/// The modules of a package, or those at the top where it is empty. Nothing is imported. Throws
/// python_error.
words modules(const std::string& package, const std::string& begun);

}  // namespace backdoor
