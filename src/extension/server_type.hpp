// The Python type around backdoor::server.
#pragma once

#include "console/ref.hpp"

namespace backdoor {

/// Server(address_or_descriptor, locals, options): listens, until stop(). Throws python_error.
ref make_server_type();

/// backdoor.Error, for what backdoor::error says.
PyObject* error_type();

/// To be called in a handler: the exception at hand becomes a Python one.
void set_backdoor_error();

/// A dict or None as locals. Throws python_error.
class locals to_locals(PyObject* given);

}  // namespace backdoor
