// What is read of C++ objects, as Python's values.
#pragma once

#include "console/reflection/plugin.hpp"

#include <optional>
#include <string>
#include <vector>

namespace backdoor {

/// A number, a str, a tuple of those, an enum.IntEnum, a datetime; or a view, for what has parts.
/// Throws python_error and what reading throws.
ref to_python(look& at, const reflect::content& what);
ref to_python(look& at, const reflect::named& what);

/// The other way round, for what can be a key. Monostate where it cannot.
reflect::content key_from_python(PyObject* object);

/// A view of an object, of the Python type that its shape asks for.
ref make_view(const reflect::object& what, reflect::shape as);
/// The object of a view, or null.
const reflect::object* viewed(PyObject* object);

ref make_cpp_type(const reflect::type& of);
/// The type of a cpp_type, or null.
const reflect::type* held_type(PyObject* object);
ref make_cpp_scope(std::string path);
/// With an object: that member function of it.
ref make_cpp_function(std::string name, std::optional<reflect::object> of = std::nullopt);

/// One of the objects that this folder makes: their attributes are read without running code.
bool is_reflected(PyObject* object);

/// The UTF-8 of a str. Throws python_error.
std::string_view text_of(PyObject* name);
ref to_list(const std::vector<std::string>& names);

}  // namespace backdoor
