// Values of Python's standard library that stand for C++ ones.
#pragma once

#include "console/border.hpp"
#include "console/ref.hpp"

#include <backdoor/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace backdoor {

/// Of a variant's alternatives those that Python has as they are: what visitors have in common.
struct plain_values_to_python {
    ref operator()(std::monostate) const { return ref::share(Py_None); }
    ref operator()(bool truth) const { return checked(PyBool_FromLong(truth)); }
    ref operator()(std::int64_t number) const { return checked(PyLong_FromLongLong(number)); }
    ref operator()(std::uint64_t number) const {
        return checked(PyLong_FromUnsignedLongLong(number));
    }
    ref operator()(double number) const { return checked(PyFloat_FromDouble(number)); }
    ref operator()(const std::string& text) const { return to_str(text); }
};

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
