// Values of Python's standard library that stand for C++ ones.
#pragma once

#include "console/ref.hpp"

#include <backdoor/value.hpp>

namespace backdoor {

ref attribute_of_module(const char* module, const char* name);

/// An enum.IntEnum; empty where Python does not allow a name of it.
ref make_enum_type(const enumeration& of);
/// The member of an enumeration, or the number where it has none with that one.
ref enum_member(const ref& type, std::int64_t number);
ref to_python(const enumerator& one);

ref to_python(const time_span& span);
/// Of a timedelta. None of other objects.
std::optional<time_span> span_from(PyObject* object);

}  // namespace backdoor
