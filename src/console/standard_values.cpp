#include "console/standard_values.hpp"

#include "console/border.hpp"

#include <map>

namespace backdoor {

ref attribute_of_module(const char* module, const char* name) {
    return checked(PyObject_GetAttrString(checked(PyImport_ImportModule(module)).get(), name));
}

ref make_enum_type(const enumeration& of) {
    const auto members = checked(PyList_New(0));
    for (const auto& [name, number] : of.enumerators) {
        const auto pair = checked(Py_BuildValue("(sL)", name.c_str(), static_cast<long long>(number)));
        check(PyList_Append(members.get(), pair.get()));
    }
    auto made = ref::take(PyObject_CallFunction(attribute_of_module("enum", "IntEnum").get(), "sO",
                                                of.name.c_str(), members.get()));
    if (!made) {
        PyErr_Clear();
    }
    return made;
}

ref enum_member(const ref& type, std::int64_t number) {
    auto plain = checked(PyLong_FromLongLong(number));
    if (!type) {
        return plain;
    }
    auto member = ref::take(PyObject_CallFunctionObjArgs(type.get(), plain.get(), nullptr));
    if (!member) {
        PyErr_Clear();
        return plain;
    }
    return member;
}

ref to_python(const enumerator& one) {
    static auto& known = *new std::map<const enumeration*, ref>;  // at exit nobody has the GIL
    auto found = known.find(one.of);
    if (found == known.end()) {
        found = known.emplace(one.of, make_enum_type(*one.of)).first;
    }
    return enum_member(found->second, one.number);
}

ref to_python(const time_span& span) {
    const auto whole = checked(PyLong_FromLongLong(span.count));
    const auto scale = checked(PyLong_FromLongLong(span.numerator));
    const auto divisor = checked(PyLong_FromLongLong(span.denominator == 0 ? 1 : span.denominator));
    const auto million = checked(PyLong_FromLong(1'000'000));
    const auto scaled = checked(PyNumber_Multiply(
        checked(PyNumber_Multiply(whole.get(), scale.get())).get(), million.get()));
    const auto microseconds = checked(PyNumber_FloorDivide(scaled.get(), divisor.get()));
    auto delta = checked(PyObject_CallFunction(attribute_of_module("datetime", "timedelta").get(),
                                               "iiO", 0, 0, microseconds.get()));
    if (!span.is_date) {
        return delta;
    }
    const auto utc = checked(
        PyObject_GetAttrString(attribute_of_module("datetime", "timezone").get(), "utc"));
    const auto epoch =
        checked(PyObject_CallFunction(attribute_of_module("datetime", "datetime").get(),
                                      "iiiiiiiO", 1970, 1, 1, 0, 0, 0, 0, utc.get()));
    return checked(PyNumber_Add(epoch.get(), delta.get()));
}

std::optional<time_span> span_from(PyObject* object) {
    // Who has one has imported the module.
    PyObject* const module = PyDict_GetItemString(PyImport_GetModuleDict(), "datetime");
    if (module == nullptr) {
        return std::nullopt;
    }
    const auto type = checked(PyObject_GetAttrString(module, "timedelta"));
    if (PyObject_TypeCheck(object, reinterpret_cast<PyTypeObject*>(type.get())) == 0) {
        return std::nullopt;
    }
    const auto microsecond = checked(PyObject_CallFunction(type.get(), "iii", 0, 0, 1));
    const auto count = checked(PyNumber_FloorDivide(object, microsecond.get()));
    const auto number = PyLong_AsLongLong(count.get());
    if (number == -1 && PyErr_Occurred() != nullptr) {
        throw python_error{};
    }
    return time_span{number, 1, 1'000'000, false};
}

}  // namespace backdoor
