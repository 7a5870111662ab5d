#include "console/typed_source.hpp"

#include "console/border.hpp"

#include <atomic>

namespace backdoor {

namespace {

ref cache() {
    const auto linecache = checked(PyImport_ImportModule("linecache"));
    return checked(PyObject_GetAttrString(linecache.get(), "cache"));
}

}  // namespace

typed_source::~typed_source() {
    for (const auto& name : names_) {
        forget(name);
    }
}

std::string typed_source::new_name() {
    static std::atomic<unsigned long> count{0};
    return "<stdin-" + std::to_string(++count) + ">";
}

void typed_source::add(const std::string& name, const std::string& source) {
    try {
        const auto text = to_str(source);
        const auto lines = checked(PyUnicode_Splitlines(text.get(), 1));
        // A time of None: linecache does not look for a file of that name.
        const auto entry = checked(Py_BuildValue("(nOOs)", PyUnicode_GET_LENGTH(text.get()), Py_None,
                                                 lines.get(), name.c_str()));
        check(PyMapping_SetItemString(cache().get(), name.c_str(), entry.get()));
        names_.push_back(name);
        if (names_.size() > max_statements) {
            forget(names_.front());
            names_.pop_front();
        }
    } catch (const python_error&) {
        PyErr_Clear();
    }
}

void typed_source::forget(const std::string& name) {
    try {
        check(PyMapping_DelItemString(cache().get(), name.c_str()));
    } catch (const python_error&) {
        PyErr_Clear();
    }
}

}  // namespace backdoor
