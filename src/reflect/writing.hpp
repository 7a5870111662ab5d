// Changes numbers, enumerations and pointers where they are.
#pragma once

#include "reflect/reflection.hpp"

namespace backdoor::reflect {

/// Its bits, as many as the type has, the sign in all others. Throws std::invalid_argument, with the
/// reason alone.
std::uint64_t bits_of(const type& of, const reflection::scalar& what);

/// Throws std::invalid_argument for what does not fit the type, memory_error for what is read-only.
void write_scalar(memory& bytes, const object& to, const reflection::scalar& what);

}  // namespace backdoor::reflect
