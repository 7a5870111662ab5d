// Programs of clients, as Python takes them.
#pragma once

#include "console/ref.hpp"
#include "session/program.hpp"

namespace backdoor {

/// Its code; of an expression, code that gives its value. Throws python_error where it is wrong.
ref compile_program(const program& what);

/// What sys.argv is to it. Throws python_error.
ref program_arguments(const program& what);

/// Writes an expression's value to the current sys.stdout, and a newline. Throws python_error, also
/// where it cannot be told as JSON.
void print_value(program::kind how, PyObject* value);

}  // namespace backdoor
