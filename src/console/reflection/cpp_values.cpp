#include "console/reflection/cpp_values.hpp"

#include "console/border.hpp"
#include "console/standard_values.hpp"

#include <cstdio>
#include <map>

namespace backdoor {

namespace {

using namespace reflect;

ref from_wide(const wide_integer& number) {
    char text[40];
    std::snprintf(text, sizeof text, "%s%llx%016llx", number.is_negative ? "-" : "",
                  static_cast<unsigned long long>(number.high),
                  static_cast<unsigned long long>(number.low));
    return checked(PyLong_FromString(text, nullptr, 16));
}

/// An enum.IntEnum for each C++ enumeration.
ref from_enumerated(look& at, const enumerated& one) {
    static auto& known = *new std::map<const type*, ref>;  // never destroyed: at exit nobody has the GIL
    if (one.name.empty()) {
        return checked(PyLong_FromLongLong(one.number));
    }
    auto found = known.find(one.of);
    if (found == known.end()) {
        found = known.emplace(one.of, make_enum_type({at->name_of(*one.of), at->enumerators(*one.of)}))
                    .first;
    }
    return enum_member(found->second, one.number);
}

class converter : plain_values_to_python {
public:
    explicit converter(look& at) : at_{at} {}

    using plain_values_to_python::operator();
    ref operator()(const wide_integer& number) const { return from_wide(number); }
    ref operator()(const raw_bytes& raw) const {
        return checked(PyBytes_FromStringAndSize(raw.bytes.data(),
                                                 static_cast<Py_ssize_t>(raw.bytes.size())));
    }
    ref operator()(const enumerated& one) const { return from_enumerated(at_, one); }
    ref operator()(const reflect::time_span& span) const {
        return backdoor::to_python(
            backdoor::time_span{span.count, span.numerator, span.denominator, span.is_date});
    }
    ref operator()(const callee& one) const {
        char at[32];
        std::snprintf(at, sizeof at, "at 0x%llx", static_cast<unsigned long long>(one.at));
        return make_cpp_function(one.name.empty() ? at : one.name);
    }
    ref operator()(const group& all) const {
        auto result = checked(PyTuple_New(static_cast<Py_ssize_t>(all.parts.size())));
        Py_ssize_t i = 0;
        for (const auto& part : all.parts) {
            PyTuple_SET_ITEM(result.get(), i++, to_python(at_, at_->read(part)).release());
        }
        return result;
    }
    ref operator()(const view& one) const { return make_view(one.what, one.as); }

    ref operator()(const object& what) const { return to_python(at_, at_->read(what)); }
    ref operator()(const content& what) const { return to_python(at_, what); }
    ref operator()(const type* of) const { return make_cpp_type(*of); }
    ref operator()(const scope& one) const { return make_cpp_scope(one.path); }
    ref operator()(const function_name& one) const { return make_cpp_function(one.path); }

private:
    look& at_;
};

}  // namespace

ref to_python(look& at, const content& what) { return std::visit(converter{at}, what); }

ref to_python(look& at, const named& what) { return std::visit(converter{at}, what); }

content key_from_python(PyObject* object) {
    if (PyBool_Check(object)) {
        return object == Py_True;
    }
    if (PyLong_Check(object)) {
        int overflow = 0;
        const auto number = PyLong_AsLongLongAndOverflow(object, &overflow);
        if (overflow == 0) {
            return static_cast<std::int64_t>(number);
        }
        const auto large = PyLong_AsUnsignedLongLong(object);
        if (PyErr_Occurred() == nullptr) {
            return static_cast<std::uint64_t>(large);
        }
        PyErr_Clear();
        return {};
    }
    if (PyFloat_Check(object)) {
        return PyFloat_AS_DOUBLE(object);
    }
    if (PyUnicode_Check(object)) {
        const auto utf8 = checked(PyUnicode_AsEncodedString(object, "utf-8", "surrogateescape"));
        return std::string{PyBytes_AS_STRING(utf8.get()),
                           static_cast<std::size_t>(PyBytes_GET_SIZE(utf8.get()))};
    }
    return {};
}

std::string_view text_of(PyObject* name) {
    Py_ssize_t size = 0;
    const char* const text = PyUnicode_AsUTF8AndSize(name, &size);
    if (text == nullptr) {
        throw python_error{};
    }
    return {text, static_cast<std::size_t>(size)};
}

ref to_list(const std::vector<std::string>& names) {
    auto result = checked(PyList_New(0));
    for (const auto& name : names) {
        check(PyList_Append(result.get(), to_str(name).get()));
    }
    return result;
}

}  // namespace backdoor
