#include "console/completion.hpp"

#include "console/border.hpp"
#include "console/completion_context.hpp"
#include "console/reflection/cpp_values.hpp"

#include <algorithm>
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

ref attribute_of_module(const char* module, const char* name) {
    return checked(PyObject_GetAttrString(checked(PyImport_ImportModule(module)).get(), name));
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
/// memory read, the attribute itself.
ref find_attribute(const ref& object, const std::string& name) {
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

ref find(console_state& console, const words& path) {
    ref object = find_name(console, path.front());
    for (auto name = path.begin() + 1; object && name != path.end(); ++name) {
        object = find_attribute(object, *name);
    }
    return object;
}

// ---- what there is ----------------------------------------------------------------------------

/// "name=" for each that a call may name, of what is written in Python.
void add_parameters(const ref& callable, const std::string& begun, words& out) {
    auto function = callable;
    if (function && PyType_Check(function.get())) {
        function = find_attribute(function, "__init__");
    }
    if (!function || !PyFunction_Check(function.get())) {
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

words names(console_state& console, const std::string& begun, const words& callee) {
    words out;
    try {
        if (!callee.empty()) {
            add_parameters(find(console, callee), begun, out);
        }
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

/// The modules there are, in a package or at the top.
words modules(const words& package, const std::string& begun) {
    words out;
    ref path = ref::share(Py_None);
    if (!package.empty()) {
        std::string name;
        for (const auto& part : package) {
            name += (name.empty() ? "" : ".") + part;
        }
        const auto loaded = checked(PyObject_GetItem(PyImport_GetModuleDict(), to_str(name).get()));
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
words members(const words& package, const std::string& begun) {
    std::string name;
    for (const auto& part : package) {
        name += (name.empty() ? "" : ".") + part;
    }
    const auto loaded = checked(PyObject_GetItem(PyImport_GetModuleDict(), to_str(name).get()));
    words out = attributes(loaded, begun);
    if (PyObject_HasAttrString(loaded.get(), "__path__") != 0) {
        const auto below = modules(package, begun);
        out.insert(out.end(), below.begin(), below.end());
    }
    return out;
}

/// Of exactly a dict: a subclass may do anything when asked.
words keys(const ref& object, const std::string& begun, char quote) {
    words out;
    if (object && PyDict_CheckExact(object.get())) {
        add_names(checked(PyDict_Keys(object.get())).get(), begun, out);
        if (begun.empty()) {
            add_names(checked(PyDict_Keys(object.get())).get(), "_", out);
        }
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
            return attributes(find(console, typed.path), typed.begun);
        case kind::module:
            return modules(typed.path, typed.begun);
        case kind::member:
            return members(typed.path, typed.begun);
        case kind::key:
            return keys(find(console, typed.path), typed.begun, typed.quote);
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
