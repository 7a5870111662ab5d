// Functions of the program, called from the prompt.
#pragma once

#include "console/reflection/cpp_values.hpp"

#include <optional>
#include <string>

namespace backdoor {

/// Calls a function of that path or, with an object, that member function of it, and records it before. Throws
/// python_error, also unless the console's code is within `with cpp.calls():`.
ref call_cpp(const std::string& path, const std::optional<reflect::object>& self, PyObject* arguments);

}  // namespace backdoor
