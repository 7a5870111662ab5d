// A C++ function as a Python callable.
#pragma once

#include "console/conversions.hpp"

namespace backdoor {

/// Throws python_error.
ref make_exposed_function(std::shared_ptr<const function> callable,
                          std::shared_ptr<const access_path> path);

}  // namespace backdoor
