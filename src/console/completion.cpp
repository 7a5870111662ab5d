#include "console/completion.hpp"

#include "console/border.hpp"
#include "console/completion_context.hpp"
#include "console/completion_keys.hpp"
#include "console/completion_lookup.hpp"
#include "console/completion_modules.hpp"
#include "console/completion_parameters.hpp"
#include "console/standard_values.hpp"

#include <algorithm>
#include <filesystem>
#include <string>

namespace backdoor {

namespace {

words names(const scope& known, const completion_context& typed) {
    const auto& begun = typed.begun;
    words out;
    try {
        out = keys(find(known, typed.object), begun, '\0');
        if (begun.empty() && !out.empty()) {
            return out;
        }
        add_parameters(find(known, typed.callee), begun, out);
    } catch (const python_error&) {
        PyErr_Clear();
    }
    add_names(attribute_of_module("keyword", "kwlist").get(), begun, out);
    add_names(known.builtins.get(), begun, out);
    add_names(known.globals.get(), begun, out);
    return out;
}

/// Reading an attribute runs code of its class, which would see that dir() looks for __dict__.
bool has_ways_of_its_own(PyObject* object) {
    const auto read = Py_TYPE(object)->tp_getattro;
    return read != PyObject_GenericGetAttr && read != PyType_Type.tp_getattro &&
           read != PyModule_Type.tp_getattro;
}

bool has_dir_of_its_own(PyObject* object) {
    const auto own =
        checked(PyObject_GetAttrString(reinterpret_cast<PyObject*>(Py_TYPE(object)), "__dir__"));
    const auto usual =
        checked(PyObject_GetAttrString(reinterpret_cast<PyObject*>(&PyBaseObject_Type), "__dir__"));
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

/// `from a.b import` knows the attributes of what is loaded; it loads nothing.
words members(const std::string& package, const std::string& begun) {
    const auto loaded = ref::share(PyDict_GetItemString(PyImport_GetModuleDict(), package.c_str()));
    words out = attributes(loaded, begun);
    if (!loaded || PyObject_HasAttrString(loaded.get(), "__path__") != 0) {
        const auto below = modules(package, begun);
        out.insert(out.end(), below.begin(), below.end());
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
    for (; !failure && entry != fs::directory_iterator{} && ++count <= most_words;
         entry.increment(failure)) {
        auto found = entry->path().filename().string();
        if (found.starts_with(name) && (found[0] != '.' || name.starts_with('.'))) {
            std::error_code ignored;
            out.push_back(folder + found + (entry->is_directory(ignored) ? "/" : ""));
        }
    }
    return out;
}

words candidates(const scope& known, const completion_context& typed) {
    using kind = completion_context::kind;
    switch (typed.what) {
        case kind::name:
            return names(known, typed);
        case kind::attribute:
            return attributes(find(known, typed.object), typed.begun);
        case kind::module:
            return modules(typed.package, typed.begun);
        case kind::member:
            return members(typed.package, typed.begun);
        case kind::key:
            return keys(find(known, typed.object), typed.begun, typed.quote);
        case kind::file:
            return files(typed.begun);
        case kind::nothing:
            break;
    }
    return {};
}

}  // namespace

completions complete(console_state& console, const editor::wants_completion& typed) {
    const auto context =
        completion_context_of(std::string_view{typed.text}.substr(0, typed.cursor));
    completions found;
    try {
        found.candidates = candidates(scope{console}, context);
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
