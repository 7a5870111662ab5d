// A namespace some of whose names are read from C++ at each access.
#pragma once

#include "console/conversions.hpp"

#include <backdoor/locals.hpp>

namespace backdoor {

/// A dict in which a name that is not there is looked up among `names`, and its getter called: a
/// counter at the prompt moves. Binding such a name hides the getter until it is deleted.
/// Throws python_error.
ref make_live_dict(std::vector<locals::entry> names, std::shared_ptr<const access_path> path);

}  // namespace backdoor
