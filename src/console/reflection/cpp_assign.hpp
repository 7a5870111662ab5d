// Assignment to C++ objects.
#pragma once

#include "console/reflection/cpp_values.hpp"

namespace backdoor {

/// Throws python_error unless the console's code is within `with cpp.writable():`.
void require_writable();

/// A number, a bool, an enumerator's name, None for a null pointer. Throws bad_argument, with the reason
/// alone, for what is none of these or not for that type.
reflect::reflection::scalar scalar_from(look& at, const reflect::type& to, PyObject* value);

/// Writes into a number, an enumeration (also by name) or a pointer (None, an address, an object of that
/// type), and records it before. Throws python_error and what writing throws.
void assign(look& at, const reflect::object& to, const std::string& name, PyObject* value);

}  // namespace backdoor
