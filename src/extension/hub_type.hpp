// The Python type around a hub of greenlets.
#pragma once

#include "console/hub.hpp"
#include "console/ref.hpp"

#include <memory>

namespace backdoor {

/// Hub(current, wait, watch, greenlet, exit): see hub_calls. Throws python_error.
ref make_hub_type();

/// From a tuple of such an object and hub_lease's `start`. Throws python_error.
std::shared_ptr<hub_lease> to_hub_lease(PyObject* tuple);

}  // namespace backdoor
