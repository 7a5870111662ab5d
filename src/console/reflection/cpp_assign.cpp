#include "console/reflection/cpp_assign.hpp"

#include "console/border.hpp"
#include "console/reflection/cpp_modes.hpp"

#include <backdoor/value.hpp>

#include <cstdio>
#include <stdexcept>
#include <string>

namespace backdoor {

namespace {

using scalar = reflect::reflection::scalar;

scalar enumerator_named(look& at, const reflect::type& to, std::string_view name) {
    std::string known;
    for (const auto& [each, number] : at->enumerators(to)) {
        if (each == name) {
            return static_cast<std::int64_t>(number);
        }
        known += (known.empty() ? "" : ", ") + each;
    }
    throw bad_argument{known.empty() ? "only numbers, enumerations and pointers can be"
                                     : "it is one of " + known};
}

std::string repr_of(PyObject* value) {
    const auto text = checked(PyObject_ASCII(value));
    return PyUnicode_AsUTF8(text.get());
}

}  // namespace

scalar scalar_from(look& at, const reflect::type& to, PyObject* value) {
    if (value == Py_None) {
        if (at->name_of(to).find('*') == std::string::npos) {
            throw bad_argument{"None is for pointers"};
        }
        return std::uint64_t{0};
    }
    const auto plain = key_from_python(value);
    if (const auto* const text = std::get_if<std::string>(&plain)) {
        return enumerator_named(at, to, *text);
    }
    if (const auto* const truth = std::get_if<bool>(&plain)) {
        return *truth;
    }
    if (const auto* const number = std::get_if<std::int64_t>(&plain)) {
        return *number;
    }
    if (const auto* const large = std::get_if<std::uint64_t>(&plain)) {
        return *large;
    }
    if (const auto* const real = std::get_if<double>(&plain)) {
        return *real;
    }
    throw bad_argument{std::string{"a "} + Py_TYPE(value)->tp_name + " is no number"};
}

void require_writable() {
    if (!may_write()) {
        PyErr_SetString(PyExc_TypeError,
                        "C++ objects are read-only here, outside of `with cpp.writable():`");
        throw python_error{};
    }
}

void assign(look& at, const reflect::object& to, const std::string& name, PyObject* value) {
    if (value == nullptr) {
        throw bad_argument{"what is C++'s cannot be deleted"};
    }
    const auto what = [&]() -> scalar {
        try {
            const auto* const object = viewed(value);
            return object != nullptr ? at->argument(*to.of, *object).bits : scalar_from(at, *to.of, value);
        } catch (const std::logic_error& failure) {
            throw bad_argument{"cannot assign to " + at->name_of(*to.of) + ": " + failure.what()};
        }
    }();
    char where[32];
    std::snprintf(where, sizeof where, " at 0x%llx", static_cast<unsigned long long>(to.at));
    const auto before = to_python(at, at->read(to));
    record_change_of(at->name_of(*to.of) + " " + name + where + " = " + repr_of(value) + ", was " +
                     repr_of(before.get()));
    at->write(to, what);
}

}  // namespace backdoor
