#include "console/completion.hpp"

#include "console/border.hpp"
#include "console/completion_context.hpp"
#include "console/exposed_function.hpp"
#include "console/exposed_object.hpp"
#include "console/reflection/cpp_values.hpp"
#include "console/standard_values.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace backdoor {

namespace {

using words = std::vector<std::string>;

// Of a folder that are looked at.
constexpr std::size_t most_files = 10'000;

/// Adds the strings of an iterable that begin as typed. A name that begins with an underscore shows
/// where one was typed.
void add_names(PyObject* iterable, const std::string& begun, words& out) {
    const auto list = checked(PySequence_List(iterable));
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list.get()); ++i) {
        PyObject* const name = PyList_GET_ITEM(list.get(), i);
        const char* const text = PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : nullptr;
        if (text == nullptr) {
            PyErr_Clear();
        } else if (std::string_view{text}.starts_with(begun) &&
                   (text[0] != '_' || begun.starts_with('_'))) {
            out.emplace_back(text);
        }
    }
}

// ---- looking up without running anything --------------------------------------------------------

PyObject* builtins_of(console_state& console) {
    return PyModule_GetDict(console.builtins.module().get());
}

/// Live names are not read: they are the host's.
ref find_name(console_state& console, const std::string& name) {
    PyObject* found = PyDict_GetItemString(console.globals.get(), name.c_str());
    if (found == nullptr) {
        found = PyDict_GetItemString(builtins_of(console), name.c_str());
    }
    return ref::share(found);
}

/// What inspect.getattr_static says, where that is no descriptor. Of a C++ object, which only has its
/// memory read, the attribute itself; of an exposed one, which is the host's, only what type it has.
ref find_attribute(const ref& object, const std::string& name) {
    if (const auto* const of = exposed_description(object.get())) {
        return exposed_member(*of, name);
    }
    if (is_reflected(object.get())) {
        return checked(PyObject_GetAttrString(object.get(), name.c_str()));
    }
    static constexpr const char* runs_code = "__get__";
    const auto found = checked(PyObject_CallFunction(
        attribute_of_module("inspect", "getattr_static").get(), "Os", object.get(), name.c_str()));
    const bool is_function = PyFunction_Check(found.get()) != 0;
    return !is_function && PyObject_HasAttrString(
                               reinterpret_cast<PyObject*>(Py_TYPE(found.get())), runs_code) != 0
               ? ref{}
               : found;
}

bool is_exactly_str(PyObject* object) { return PyUnicode_CheckExact(object) != 0; }

/// Without asking any other object whether it is equal.
ref find_key(PyObject* dict, const std::string& text) {
    const auto wanted = to_str(text);
    Py_ssize_t at = 0;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    while (PyDict_Next(dict, &at, &key, &value) != 0) {
        if (is_exactly_str(key) && PyUnicode_Compare(key, wanted.get()) == 0) {
            return ref::share(value);
        }
    }
    return {};
}

ref find_number(PyObject* object, Py_ssize_t number) {
    if (PyDict_CheckExact(object)) {
        Py_ssize_t at = 0;
        PyObject* key = nullptr;
        PyObject* value = nullptr;
        while (PyDict_Next(object, &at, &key, &value) != 0) {
            int overflow = 0;
            if (PyLong_CheckExact(key) && PyLong_AsLongAndOverflow(key, &overflow) == number &&
                overflow == 0) {
                return ref::share(value);
            }
        }
        return {};
    }
    const bool is_list = PyList_CheckExact(object) != 0;
    if (!is_list && PyTuple_CheckExact(object) == 0) {
        return {};
    }
    const auto size = PySequence_Fast_GET_SIZE(object);
    const auto place = number < 0 ? number + size : number;
    return place < 0 || place >= size ? ref{} : ref::share(PySequence_Fast_GET_ITEM(object, place));
}

/// Of exactly a dict, list or tuple, and of C++ objects: a subclass may do anything when asked.
ref find_item(const ref& object, const completion_context::step& step) {
    const bool is_key = step.what == completion_context::step::kind::key;
    const Py_ssize_t number = is_key ? 0 : std::strtol(step.text.c_str(), nullptr, 10);
    if (is_reflected(object.get())) {
        const auto index = is_key ? to_str(step.text) : checked(PyLong_FromSsize_t(number));
        return checked(PyObject_GetItem(object.get(), index.get()));
    }
    if (!is_key) {
        return find_number(object.get(), number);
    }
    return PyDict_CheckExact(object.get()) ? find_key(object.get(), step.text) : ref{};
}

ref find(console_state& console, const completion_context::expression& steps) {
    if (steps.empty()) {
        return {};
    }
    ref object = find_name(console, steps.front().text);
    for (auto step = steps.begin() + 1; object && step != steps.end(); ++step) {
        object = step->what == completion_context::step::kind::name
                     ? find_attribute(object, step->text)
                     : find_item(object, *step);
    }
    return object;
}

// ---- what there is ----------------------------------------------------------------------------

/// "name=" for each that a call may name, of what is written in Python, or exposed.
void add_parameters(const ref& callable, const std::string& begun, words& out) {
    auto function = callable;
    if (function && PyType_Check(function.get())) {
        function = find_attribute(function, "__init__");
    }
    if (!function) {
        return;
    }
    for (const auto& parameter : exposed_parameters(function.get())) {
        if (parameter.name.starts_with(begun)) {
            out.push_back(parameter.name + "=");
        }
    }
    if (!PyFunction_Check(function.get())) {
        return;
    }
    const ref code = ref::share(PyFunction_GET_CODE(function.get()));
    const auto number = [&](const char* name) {
        return PyLong_AsSsize_t(checked(PyObject_GetAttrString(code.get(), name)).get());
    };
    const auto all = checked(PyObject_GetAttrString(code.get(), "co_varnames"));
    const auto named = checked(
        PySequence_GetSlice(all.get(), number("co_posonlyargcount"),
                            number("co_argcount") + number("co_kwonlyargcount")));
    words found;
    add_names(named.get(), begun, found);
    for (const auto& name : found) {
        if (name != "self" && name != "cls") {
            out.push_back(name + "=");
        }
    }
}

words names(console_state& console, const std::string& begun,
            const completion_context::expression& callee) {
    words out;
    try {
        add_parameters(find(console, callee), begun, out);
    } catch (const python_error&) {
        PyErr_Clear();
    }
    add_names(attribute_of_module("keyword", "kwlist").get(), begun, out);
    add_names(builtins_of(console), begun, out);
    add_names(console.globals.get(), begun, out);
    return out;
}

/// Reading an attribute runs code of its class, which would see that dir() looks for __dict__.
bool has_ways_of_its_own(PyObject* object) {
    const auto read = Py_TYPE(object)->tp_getattro;
    return read != PyObject_GenericGetAttr && read != PyType_Type.tp_getattro &&
           read != PyModule_Type.tp_getattro;
}

bool has_dir_of_its_own(PyObject* object) {
    const auto own = checked(
        PyObject_GetAttrString(reinterpret_cast<PyObject*>(Py_TYPE(object)), "__dir__"));
    const auto usual = checked(
        PyObject_GetAttrString(reinterpret_cast<PyObject*>(&PyBaseObject_Type), "__dir__"));
    return own.get() != usual.get();
}

words attributes(const ref& object, const std::string& begun) {
    words out;
    if (!object) {
        return out;
    }
    if (!has_ways_of_its_own(object.get()) || has_dir_of_its_own(object.get())) {
        add_names(checked(PyObject_Dir(object.get())).get(), begun, out);
        return out;
    }
    if (const auto own = ref::take(PyObject_GenericGetDict(object.get(), nullptr))) {
        add_names(own.get(), begun, out);
    }
    PyErr_Clear();
    PyObject* const types = Py_TYPE(object.get())->tp_mro;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(types); ++i) {
        add_names(checked(PyObject_GetAttrString(PyTuple_GET_ITEM(types, i), "__dict__")).get(),
                  begun, out);
    }
    return out;
}

ref loaded_module(const std::string& name) {
    return checked(PyObject_GetItem(PyImport_GetModuleDict(), to_str(name).get()));
}

/// The modules there are, in a package or at the top.
words modules(const std::string& package, const std::string& begun) {
    words out;
    ref path = ref::share(Py_None);
    if (!package.empty()) {
        const auto loaded = loaded_module(package);
        path = checked(PyObject_GetAttrString(loaded.get(), "__path__"));
    } else {
        add_names(attribute_of_module("sys", "builtin_module_names").get(), begun, out);
    }
    const auto found = checked(PySequence_List(
        checked(PyObject_CallFunctionObjArgs(attribute_of_module("pkgutil", "iter_modules").get(),
                                             path.get(), nullptr))
            .get()));
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(found.get()); ++i) {
        const auto name = checked(PyObject_GetAttrString(PyList_GET_ITEM(found.get(), i), "name"));
        add_names(checked(PyTuple_Pack(1, name.get())).get(), begun, out);
    }
    return out;
}

/// `from a.b import` knows of what is loaded; it loads nothing.
words members(const std::string& package, const std::string& begun) {
    const auto loaded = loaded_module(package);
    words out = attributes(loaded, begun);
    if (PyObject_HasAttrString(loaded.get(), "__path__") != 0) {
        const auto below = modules(package, begun);
        out.insert(out.end(), below.begin(), below.end());
    }
    return out;
}

bool can_stand_in_quotes(const std::string& key) {
    return std::none_of(key.begin(), key.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '\\' || c == '\'' || c == '"' || c == '\x7f';
    });
}

words keys(const ref& object, const std::string& begun, char quote) {
    words out;
    if (object && PyDict_CheckExact(object.get())) {
        add_names(checked(PyDict_Keys(object.get())).get(), begun, out);
        if (begun.empty()) {
            add_names(checked(PyDict_Keys(object.get())).get(), "_", out);
        }
        out.erase(std::remove_if(out.begin(), out.end(),
                                 [](const auto& key) { return !can_stand_in_quotes(key); }),
                  out.end());
        for (auto& key : out) {
            key += quote;
            key += ']';
        }
    }
    return out;
}

/// Without the GIL: a folder may be on a machine that does not answer.
words files(const std::string& begun) {
    const gil_released waiting;
    namespace fs = std::filesystem;
    const auto slash = begun.rfind('/');
    const auto folder = slash == std::string::npos ? std::string{} : begun.substr(0, slash + 1);
    const auto name = begun.substr(folder.size());
    words out;
    std::error_code failure;
    fs::directory_iterator entry{folder.empty() ? "." : folder, failure};
    std::size_t count = 0;
    for (; !failure && entry != fs::directory_iterator{} && ++count <= most_files;
         entry.increment(failure)) {
        auto found = entry->path().filename().string();
        if (found.starts_with(name) && (found[0] != '.' || name.starts_with('.'))) {
            std::error_code ignored;
            out.push_back(folder + found + (entry->is_directory(ignored) ? "/" : ""));
        }
    }
    return out;
}

words candidates(console_state& console, const completion_context& typed) {
    using kind = completion_context::kind;
    switch (typed.what) {
        case kind::name:
            return names(console, typed.begun, typed.callee);
        case kind::attribute:
            return attributes(find(console, typed.object), typed.begun);
        case kind::module:
            return modules(typed.package, typed.begun);
        case kind::member:
            return members(typed.package, typed.begun);
        case kind::key:
            return keys(find(console, typed.object), typed.begun, typed.quote);
        case kind::file:
            return files(typed.begun);
        case kind::nothing:
            break;
    }
    return {};
}

}  // namespace

completions complete(console_state& console, const editor::wants_completion& typed) {
    const auto context = completion_context_of(std::string_view{typed.text}.substr(0, typed.cursor));
    completions found;
    try {
        found.candidates = candidates(console, context);
        found.replaced = context.begun.size();
        std::sort(found.candidates.begin(), found.candidates.end());
        found.candidates.erase(std::unique(found.candidates.begin(), found.candidates.end()),
                               found.candidates.end());
    } catch (const python_error&) {
        PyErr_Clear();
    }
    return found;
}

}  // namespace backdoor
