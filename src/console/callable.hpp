// Python functions for C++ to keep, and C++ functions for Python to call.
#pragma once

#include "console/ref.hpp"

#include <backdoor/error.hpp>
#include <backdoor/executor.hpp>

#include <memory>

namespace backdoor {

/// A Python object that may be copied and let go of on any thread, with or without the GIL.
using shared_object = std::shared_ptr<const ref>;
shared_object share_with_all_threads(PyObject* object);

/// The Python exception that is set, and is so no more, as what leaves for where there is no Python.
error take_as_error();

/// Calls `post` with a function without arguments, for it to call on the host's loop; on any thread.
executor executor_of(shared_object post);

}  // namespace backdoor
