// `cpp`: the C++ names of the process, at the prompt.
#pragma once

#include "console/ref.hpp"

namespace backdoor {

/// Costs nothing until an attribute of it is read. Throws python_error.
ref make_cpp();

}  // namespace backdoor
