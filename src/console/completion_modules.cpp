#include "console/completion_modules.hpp"

#include "console/border.hpp"
#include "console/standard_values.hpp"

namespace backdoor {

namespace {

/// Where a package's modules are; empty where it is not to be found, or is none.
ref path_of(const std::string& package) {
    const auto loaded = ref::share(PyDict_GetItemString(PyImport_GetModuleDict(), package.c_str()));
    if (loaded) {
        return checked(PyObject_GetAttrString(loaded.get(), "__path__"));
    }
    // As an import would find it, but for the import of the packages above.
    const auto dot = package.rfind('.');
    ref above = ref::share(Py_None);
    if (dot != std::string::npos) {
        above = path_of(package.substr(0, dot));
        if (!above) {
            return {};
        }
    }
    const auto finder = attribute_of_module("importlib.machinery", "PathFinder");
    const auto spec =
        checked(PyObject_CallMethod(finder.get(), "find_spec", "sO", package.c_str(), above.get()));
    if (spec.get() == Py_None) {
        return {};
    }
    auto path = checked(PyObject_GetAttrString(spec.get(), "submodule_search_locations"));
    return path.get() == Py_None ? ref{} : path;
}

}  // namespace

words modules(const std::string& package, const std::string& begun) {
    words out;
    ref path = ref::share(Py_None);
    if (package.empty()) {
        add_names(attribute_of_module("sys", "builtin_module_names").get(), begun, out);
    } else if (path = path_of(package); !path) {
        return out;
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

}  // namespace backdoor
