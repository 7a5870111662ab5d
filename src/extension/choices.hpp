// Options as Python names them.
#pragma once

#include "console/ref.hpp"

#include <backdoor/options.hpp>

namespace backdoor {

/// From a dict of names of `options` (durations are seconds). Throws python_error with a TypeError
/// for a name that is none, or a value that is none for it.
options to_options(PyObject* names);

}  // namespace backdoor
