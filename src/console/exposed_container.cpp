// Exposed C++ containers: read-only, their bounds checked; who goes through one has a copy of one moment.
#include "console/border.hpp"
#include "console/exposed_holder.hpp"

#include <string>

namespace backdoor {

namespace {

/// All of it, as a list or dict.
ref copied(PyObject* self) {
    const auto& one = exposed_in(self);
    return to_python(look_at(one,
                             [](const live_object& live) {
                                 return live.copy(detail::copier{live_object::most_elements});
                             }),
                     one.path);
}

PyObject* iterate(PyObject* self) {
    return at_border([&] { return checked(PyObject_GetIter(copied(self).get())).release(); });
}

std::uint64_t length_of(const exposed& one) {
    return look_at(one, [](const live_object& live) { return live.length(); }).as<std::uint64_t>();
}

Py_ssize_t length(PyObject* self) {
    return at_border([&] { return static_cast<Py_ssize_t>(length_of(exposed_in(self))); });
}

/// None at all where there is no such key.
std::optional<ref> find(PyObject* self, PyObject* key) {
    const auto& one = exposed_in(self);
    const auto found = look_at(one, [key = from_python(key)](const live_object& live) {
        const auto value_of_key = live.find(key);
        return value_of_key ? list{*value_of_key} : list{};
    });
    const auto& items = std::get<list>(found.content());
    return items.empty() ? std::nullopt : std::optional{to_python(items.front(), one.path)};
}

int contains(PyObject* self, PyObject* key) {
    return at_border([&] { return static_cast<int>(find(self, key).has_value()); });
}

// ---- sequences --------------------------------------------------------------------------------

PyObject* slice(PyObject* self, PyObject* range) {
    const auto& one = exposed_in(self);
    Py_ssize_t begin = 0;
    Py_ssize_t end = 0;
    Py_ssize_t step = 0;
    check(PySlice_Unpack(range, &begin, &end, &step));
    const auto count = PySlice_AdjustIndices(static_cast<Py_ssize_t>(length_of(one)), &begin, &end, step);
    return to_python(look_at(one,
                             [=](const live_object& live) {
                                 return live.elements(static_cast<std::uint64_t>(begin),
                                                      static_cast<std::uint64_t>(count), step);
                             }),
                     one.path)
        .release();
}

PyObject* element(PyObject* self, PyObject* index) {
    return at_border([&]() -> PyObject* {
        if (PySlice_Check(index)) {
            return slice(self, index);
        }
        const auto number = PyNumber_AsSsize_t(index, PyExc_IndexError);
        if (number == -1 && PyErr_Occurred() != nullptr) {
            return nullptr;
        }
        const auto& one = exposed_in(self);
        const auto found = look_at(one, [number](const live_object& live) {
            const auto length = live.length();
            const auto from_begin =
                number >= 0 ? static_cast<std::uint64_t>(number)
                            : length - static_cast<std::uint64_t>(-(number + 1)) - 1;
            if (from_begin >= length) {
                throw std::out_of_range{"it has " + std::to_string(length) + " elements"};
            }
            return live.element(from_begin);
        });
        return to_python(found, one.path).release();
    });
}

// ---- mappings ---------------------------------------------------------------------------------

PyObject* value_of(PyObject* self, PyObject* key) {
    return at_border([&]() -> PyObject* {
        auto found = find(self, key);
        if (!found) {
            PyErr_SetObject(PyExc_KeyError, key);
            return nullptr;
        }
        return found->release();
    });
}

PyObject* value_or(PyObject* self, PyObject* arguments) {
    return at_border([&]() -> PyObject* {
        PyObject* key = nullptr;
        PyObject* otherwise = Py_None;
        if (PyArg_ParseTuple(arguments, "O|O:get", &key, &otherwise) == 0) {
            return nullptr;
        }
        auto found = find(self, key);
        return found ? found->release() : ref::share(otherwise).release();
    });
}

PyObject* of_copy(PyObject* self, const char* method) {
    return at_border([&] {
        return checked(PyObject_CallMethod(copied(self).get(), method, nullptr)).release();
    });
}
PyObject* keys(PyObject* self, PyObject*) { return of_copy(self, "keys"); }
PyObject* values(PyObject* self, PyObject*) { return of_copy(self, "values"); }
PyObject* items(PyObject* self, PyObject*) { return of_copy(self, "items"); }

PyMethodDef copying[] = {
    {"__copy__", exposed_copy, METH_NOARGS, "Its elements now, as a list."},
    {"__deepcopy__", exposed_copy, METH_O, "Its elements now, as a list."},
    {nullptr, nullptr, 0, nullptr},
};

PyMethodDef of_mapping[] = {
    {"keys", keys, METH_NOARGS, "Its keys, now."},
    {"values", values, METH_NOARGS, "Copies of its values, now."},
    {"items", items, METH_NOARGS, "Its keys and copies of its values, now."},
    {"get", value_or, METH_VARARGS, "get(key, default=None): the value, where there is that key."},
    {"__copy__", exposed_copy, METH_NOARGS, "Its elements now, as a dict."},
    {"__deepcopy__", exposed_copy, METH_O, "Its elements now, as a dict."},
    {nullptr, nullptr, 0, nullptr},
};

constexpr const char* about =
    "A C++ container, looked at where it is. To go through it copies its elements in one access.";

}  // namespace

PyTypeObject* exposed_container_type(shape of) {
    static PyType_Slot of_sequence[] = {
        {Py_mp_subscript, slot(element)},   {Py_mp_length, slot(length)},
        {Py_tp_iter, slot(iterate)},        {Py_tp_methods, copying},
        {Py_tp_repr, slot(exposed_repr)},   {Py_tp_doc, const_cast<char*>(about)},
        {Py_tp_dealloc, slot(dealloc_holding<exposed>)}, {0, nullptr},
    };
    static PyType_Slot of_elements[] = {
        {Py_sq_contains, slot(contains)},   {Py_mp_length, slot(length)},
        {Py_tp_iter, slot(iterate)},        {Py_tp_methods, copying},
        {Py_tp_repr, slot(exposed_repr)},   {Py_tp_doc, const_cast<char*>(about)},
        {Py_tp_dealloc, slot(dealloc_holding<exposed>)}, {0, nullptr},
    };
    static PyType_Slot of_map[] = {
        {Py_mp_subscript, slot(value_of)},  {Py_mp_length, slot(length)},
        {Py_sq_contains, slot(contains)},   {Py_tp_iter, slot(iterate)},
        {Py_tp_methods, of_mapping},        {Py_tp_repr, slot(exposed_repr)},
        {Py_tp_doc, const_cast<char*>(about)},
        {Py_tp_dealloc, slot(dealloc_holding<exposed>)}, {0, nullptr},
    };
    static PyTypeObject* const sequence = make_holding_type<exposed>("backdoor.sequence", of_sequence);
    static PyTypeObject* const elements = make_holding_type<exposed>("backdoor.elements", of_elements);
    static PyTypeObject* const mapping = make_holding_type<exposed>("backdoor.mapping", of_map);
    return of == shape::sequence ? sequence : of == shape::mapping ? mapping : elements;
}

}  // namespace backdoor
