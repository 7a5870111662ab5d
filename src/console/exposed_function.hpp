// A C++ function as a Python callable.
#pragma once

#include "console/conversions.hpp"

#include <vector>

namespace backdoor {

/// Throws python_error.
ref make_exposed_function(std::shared_ptr<const function> callable,
                          std::shared_ptr<const access_path> path);

/// An inspect.Signature, for help(). Throws python_error with AttributeError where there are no names.
ref make_signature(const std::vector<parameter>& parameters, bool has_self);

/// Of a make_exposed_function(); none of other objects.
std::vector<parameter> parameters_of_function(PyObject* callable);
/// The same, or of a method of an exposed type.
std::vector<parameter> exposed_parameters(PyObject* callable);

}  // namespace backdoor
