// Changes numbers, enumerations and pointers where they are.
#pragma once

#include "reflect/reflection.hpp"

namespace backdoor::reflect {

/// Throws std::invalid_argument for what does not fit the type, memory_error for what is read-only.
void write_scalar(memory& bytes, const object& to, const reflection::scalar& what);

}  // namespace backdoor::reflect
