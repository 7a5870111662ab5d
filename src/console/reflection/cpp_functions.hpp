// What `cpp` can do beside naming things.
#pragma once

#include "console/ref.hpp"

namespace backdoor {

/// at(), type(), sizeof() and so on, with that function as __dir__.
PyMethodDef* cpp_functions(PyCFunction dir);
const PyMethodDef* cpp_functions();

}  // namespace backdoor
