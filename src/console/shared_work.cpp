#include "console/shared_work.hpp"

#include "console/ref.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace backdoor {

namespace {

constexpr std::array<std::string_view, 10> packages{"eventlet",
                                                    "gevent",
                                                    "backdoor._eventlet",
                                                    "backdoor._gevent",
                                                    "importlib",
                                                    "_frozen_importlib",
                                                    "_frozen_importlib_external",
                                                    "threading",
                                                    "logging",
                                                    "queue"};

bool is_shared(std::string_view module) {
    return std::any_of(packages.begin(), packages.end(), [&](std::string_view package) {
        return module.starts_with(package) &&
               (module.size() == package.size() || module[package.size()] == '.');
    });
}

}  // namespace

bool is_in_shared_work() {
    auto* const innermost = PyEval_GetFrame();
    for (auto frame = ref::share(reinterpret_cast<PyObject*>(innermost)); frame;
         frame = ref::take(reinterpret_cast<PyObject*>(
             PyFrame_GetBack(reinterpret_cast<PyFrameObject*>(frame.get()))))) {
        const auto globals = checked(PyObject_GetAttrString(frame.get(), "f_globals"));
        PyObject* const name =
            PyDict_Check(globals.get()) ? PyDict_GetItemString(globals.get(), "__name__") : nullptr;
        Py_ssize_t size = 0;
        const char* const text = name != nullptr && PyUnicode_Check(name)
                                     ? PyUnicode_AsUTF8AndSize(name, &size)
                                     : nullptr;
        if (text == nullptr) {
            PyErr_Clear();
        } else if (is_shared({text, static_cast<std::size_t>(size)})) {
            return true;
        }
    }
    return false;
}

}  // namespace backdoor
