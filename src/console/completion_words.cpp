#include "console/completion_words.hpp"

#include "console/border.hpp"

#include <string_view>

namespace backdoor {

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

}  // namespace backdoor
