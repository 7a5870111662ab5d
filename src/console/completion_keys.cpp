#include "console/completion_keys.hpp"

#include "console/border.hpp"
#include "console/completion_lookup.hpp"
#include "console/reflection/cpp_values.hpp"
#include "console/standard_values.hpp"

#include <algorithm>

namespace backdoor {

namespace {

bool can_stand_in(char quote, std::string_view key) {
    return std::none_of(key.begin(), key.end(), [&](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '\\' || c == quote || c == '\x7f';
    });
}

/// The key as it is typed; empty where it is none that can be.
std::string typed_key(PyObject* key, char quote) {
    if (PyUnicode_CheckExact(key) != 0) {
        const char* const text = PyUnicode_AsUTF8(key);
        if (text == nullptr) {
            PyErr_Clear();
            return {};
        }
        const char own = quote != '\0' ? quote : can_stand_in('\'', text) ? '\'' : '"';
        if (!can_stand_in(own, text)) {
            return {};
        }
        return (quote == '\0' ? std::string{own} : std::string{}) + text + own;
    }
    if (quote == '\0' && PyLong_CheckExact(key) != 0) {
        return std::string{text_of(checked(PyObject_Repr(key)).get())};
    }
    return {};
}

/// os.environ keeps its variables in a dict of bytes.
ref environment_names(const ref& environment) {
    const auto variables = checked(PyObject_GetAttrString(environment.get(), "_data"));
    const auto names = checked(PyDict_New());
    Py_ssize_t at = 0;
    PyObject* name = nullptr;
    while (PyDict_Check(variables.get()) != 0 &&
           PyDict_Next(variables.get(), &at, &name, nullptr) != 0) {
        if (PyBytes_CheckExact(name) != 0) {
            const auto text = checked(PyUnicode_DecodeFSDefault(PyBytes_AS_STRING(name)));
            if (PyDict_SetItem(names.get(), text.get(), Py_None) != 0) {
                throw python_error{};
            }
        }
    }
    return names;
}

ref mapping_of(const ref& object) {
    const auto type = reinterpret_cast<PyObject*>(Py_TYPE(object.get()));
    if (type == attribute_of_module("os", "_Environ").get()) {
        return environment_names(object);
    }
    return is_plain_dict(object.get()) ? object : ref{};
}

}  // namespace

words keys(const ref& object, const std::string& begun, char quote) {
    words out;
    const auto mapping = object ? mapping_of(object) : ref{};
    Py_ssize_t at = 0;
    PyObject* key = nullptr;
    while (mapping && out.size() < most_words &&
           PyDict_Next(mapping.get(), &at, &key, nullptr) != 0) {
        if (auto typed = typed_key(key, quote); !typed.empty() && typed.starts_with(begun)) {
            out.push_back(std::move(typed) + ']');
        }
    }
    return out;
}

}  // namespace backdoor
