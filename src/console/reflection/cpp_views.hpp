// Python's views of C++ objects with parts.
#pragma once

#include "console/reflection/cpp_values.hpp"

namespace backdoor {

/// What an iterator over a container gives.
enum class gives { keys, values, items };

/// Goes through a container; at most so many elements, since what changes meanwhile may have no end.
ref make_cpp_iterator(const reflect::object& of, gives what);
inline constexpr std::size_t most_elements = 1'000'000;

/// For completion and dir(): the names of the members.
ref members_of(PyObject* view);

PyTypeObject* record_type();
PyTypeObject* pointer_type();
PyTypeObject* sequence_type();
PyTypeObject* elements_type();
PyTypeObject* mapping_type();

}  // namespace backdoor
