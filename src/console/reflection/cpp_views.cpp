#include "console/reflection/cpp_views.hpp"

#include "console/border.hpp"
#include "console/holding.hpp"
#include "console/reflection/cpp_assign.hpp"

#include <algorithm>
#include <vector>

namespace backdoor {

namespace {

using reflect::object;
using reflect::shape;

const object& what(PyObject* self) { return held<object>(self); }

bool is_dunder(std::string_view name) { return name.starts_with("__") && name.ends_with("__"); }

// ---- all views --------------------------------------------------------------------------------

PyObject* repr(PyObject* self) {
    return at_border([&] {
        look at;
        return to_str(at->describe(what(self), {})).release();
    });
}

PyObject* compare(PyObject* self, PyObject* other, int how) {
    const auto* const that = viewed(other);
    if (that == nullptr || (how != Py_EQ && how != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    const bool same = what(self).at == that->at && what(self).of == that->of;
    return PyBool_FromLong((how == Py_EQ) == same);
}

Py_hash_t hash(PyObject* self) {
    const auto at = static_cast<Py_hash_t>(what(self).at >> 3U);
    return at == -1 ? 0 : at;
}

PyObject* dir(PyObject* self, PyObject*) {
    return at_border([&] { return members_of(self).release(); });
}

ref member(PyObject* self, PyObject* name) {
    const auto text = text_of(name);
    if (is_dunder(text)) {
        return checked(PyObject_GenericGetAttr(self, name));
    }
    look at;
    const auto found = at->member(what(self), text);
    if (const auto* const function = std::get_if<reflect::function_name>(&found)) {
        const bool is_pointer = Py_TYPE(self) == pointer_type();
        return make_cpp_function(function->path, is_pointer ? at->pointee(what(self)) : what(self));
    }
    return to_python(at, found);
}

PyObject* get_member(PyObject* self, PyObject* name) {
    return at_border([&] { return member(self, name).release(); });
}

/// A container's methods go before the members that it is made of.
PyObject* get_method_or_member(PyObject* self, PyObject* name) {
    PyObject* const own = PyObject_GenericGetAttr(self, name);
    if (own != nullptr || PyErr_ExceptionMatches(PyExc_AttributeError) == 0) {
        return own;
    }
    PyErr_Clear();
    return get_member(self, name);
}

int set_member(PyObject* self, PyObject* name, PyObject* value) {
    return at_border([&] {
        require_writable();
        const auto text = text_of(name);
        look at;
        const auto found = at->member(what(self), text);
        const auto* const place = std::get_if<object>(&found);
        if (place == nullptr) {
            PyErr_Format(PyExc_TypeError, "%S is a function, and no place to assign to", name);
            throw python_error{};
        }
        assign(at, *place, at->name_of(*what(self).of) + "::" + std::string{text},
               value);
        return 0;
    });
}

int refuse_to_set(PyObject*, PyObject*, PyObject*) {
    PyErr_SetString(PyExc_TypeError, "a C++ container cannot be assigned to; its elements' members can");
    return -1;
}

Py_ssize_t length(PyObject* self) {
    return at_border([&] {
        look at;
        return static_cast<Py_ssize_t>(at->length(what(self)));
    });
}

// ---- with members -----------------------------------------------------------------------------

PyObject* get_base(PyObject* self, PyObject* name) {
    return at_border([&]() -> PyObject* {
        if (PyUnicode_Check(name) == 0) {
            PyErr_SetString(PyExc_TypeError, "in brackets stands the name of a base class");
            return nullptr;
        }
        look at;
        return make_view(at->base(what(self), text_of(name)), shape::record).release();
    });
}

// ---- pointers ---------------------------------------------------------------------------------

PyObject* get_pointee(PyObject* self, PyObject* index) {
    return at_border([&]() -> PyObject* {
        const auto number = PyNumber_AsSsize_t(index, PyExc_IndexError);
        if (number == -1 && PyErr_Occurred() != nullptr) {
            return nullptr;
        }
        look at;
        return to_python(at, at->read(at->pointee(what(self), number))).release();
    });
}

int set_pointee(PyObject* self, PyObject* index, PyObject* value) {
    return at_border([&] {
        require_writable();
        const auto number = PyNumber_AsSsize_t(index, PyExc_IndexError);
        if (number == -1 && PyErr_Occurred() != nullptr) {
            return -1;
        }
        look at;
        assign(at, at->pointee(what(self), number), "[" + std::to_string(number) + "]", value);
        return 0;
    });
}

// ---- sequences --------------------------------------------------------------------------------

ref slice(PyObject* self, PyObject* range) {
    Py_ssize_t begin = 0;
    Py_ssize_t end = 0;
    Py_ssize_t step = 0;
    check(PySlice_Unpack(range, &begin, &end, &step));
    look at;
    const auto count = PySlice_AdjustIndices(static_cast<Py_ssize_t>(at->length(what(self))),
                                             &begin, &end, step);
    if (count > static_cast<Py_ssize_t>(most_elements)) {
        PyErr_Format(PyExc_IndexError, "a slice of more than %zu elements", most_elements);
        throw python_error{};
    }
    auto list = checked(PyList_New(0));
    for (Py_ssize_t i = 0; i < count; ++i, begin += step) {
        if (i % 1024 == 0) {
            raise_pending_interrupt();
        }
        const auto one = at->element(what(self), static_cast<std::uint64_t>(begin));
        check(PyList_Append(list.get(), to_python(at, one).get()));
    }
    return list;
}

PyObject* get_element(PyObject* self, PyObject* index) {
    return at_border([&]() -> PyObject* {
        if (PySlice_Check(index)) {
            return slice(self, index).release();
        }
        auto number = PyNumber_AsSsize_t(index, PyExc_IndexError);
        if (number == -1 && PyErr_Occurred() != nullptr) {
            return nullptr;
        }
        look at;
        if (number < 0) {
            number += static_cast<Py_ssize_t>(at->length(what(self)));
        }
        if (number < 0) {
            throw std::out_of_range{"it has " + std::to_string(at->length(what(self))) +
                                    " elements"};
        }
        return to_python(at, at->element(what(self), static_cast<std::uint64_t>(number))).release();
    });
}

PyObject* iterate_values(PyObject* self) {
    return at_border([&] { return make_cpp_iterator(what(self), gives::values).release(); });
}

// ---- mappings ---------------------------------------------------------------------------------

/// Empty where there is no such key.
ref find_value(PyObject* self, PyObject* key) {
    if (const auto plain = key_from_python(key); plain.index() != 0) {
        look at;
        if (const auto found = at->find_key(what(self), plain)) {
            return *found ? to_python(at, **found) : ref{};
        }
    }
    const auto items = make_cpp_iterator(what(self), gives::items);
    while (const auto item = ref::take(PyIter_Next(items.get()))) {
        const int same = PyObject_RichCompareBool(PyTuple_GET_ITEM(item.get(), 0), key, Py_EQ);
        check(same);
        if (same != 0) {
            return ref::share(PyTuple_GET_ITEM(item.get(), 1));
        }
    }
    if (PyErr_Occurred() != nullptr) {
        throw python_error{};
    }
    return {};
}

PyObject* get_value(PyObject* self, PyObject* key) {
    return at_border([&]() -> PyObject* {
        auto found = find_value(self, key);
        if (!found) {
            PyErr_SetObject(PyExc_KeyError, key);
        }
        return found.release();
    });
}

PyObject* get_or(PyObject* self, PyObject* arguments) {
    return at_border([&]() -> PyObject* {
        PyObject* key = nullptr;
        PyObject* otherwise = Py_None;
        if (PyArg_ParseTuple(arguments, "O|O:get", &key, &otherwise) == 0) {
            return nullptr;
        }
        auto found = find_value(self, key);
        return found ? found.release() : ref::share(otherwise).release();
    });
}

int contains(PyObject* self, PyObject* key) {
    return at_border([&] { return static_cast<int>(static_cast<bool>(find_value(self, key))); });
}

PyObject* iterate_keys(PyObject* self) {
    return at_border([&] { return make_cpp_iterator(what(self), gives::keys).release(); });
}
PyObject* keys(PyObject* self, PyObject*) { return iterate_keys(self); }
PyObject* values(PyObject* self, PyObject*) { return iterate_values(self); }
PyObject* items(PyObject* self, PyObject*) {
    return at_border([&] { return make_cpp_iterator(what(self), gives::items).release(); });
}

}  // namespace

ref members_of(PyObject* self) {
    look at;
    return to_list(at->members(what(self)));
}

namespace {

/// A type with what all views have, and those slots.
PyTypeObject* make_view_type(const char* name, std::vector<PyType_Slot> own) {
    const auto common = {PyType_Slot{Py_tp_repr, slot(repr)},
                         PyType_Slot{Py_tp_richcompare, slot(compare)},
                         PyType_Slot{Py_tp_hash, slot(hash)},
                         PyType_Slot{Py_tp_dealloc, slot(dealloc_holding<object>)},
                         PyType_Slot{0, nullptr}};
    own.insert(own.end(), common);
    return make_holding_type<object>(name, own.data());
}

PyTypeObject* make_member_view_type(const char* name, binaryfunc subscript,
                                    int (*set_item)(PyObject*, PyObject*, PyObject*)) {
    static PyMethodDef methods[] = {
        {"__dir__", dir, METH_NOARGS, nullptr},
        {nullptr, nullptr, 0, nullptr},
    };
    return make_view_type(name, {{Py_tp_getattro, slot(get_member)},
                                 {Py_tp_setattro, slot(set_member)},
                                 {Py_mp_subscript, slot(subscript)},
                                 {Py_mp_ass_subscript, slot(set_item)},
                                 {Py_tp_methods, methods}});
}

PyTypeObject* make_container_type(const char* name, getiterfunc iterate, std::vector<PyType_Slot> own) {
    own.insert(own.end(), {PyType_Slot{Py_tp_getattro, slot(get_method_or_member)},
                           PyType_Slot{Py_tp_setattro, slot(refuse_to_set)},
                           PyType_Slot{Py_mp_length, slot(length)},
                           PyType_Slot{Py_tp_iter, slot(iterate)}});
    return make_view_type(name, std::move(own));
}

}  // namespace

PyTypeObject* record_type() {
    static PyTypeObject* const type =
        make_member_view_type("backdoor.cpp_object", get_base, refuse_to_set);
    return type;
}

PyTypeObject* pointer_type() {
    static PyTypeObject* const type =
        make_member_view_type("backdoor.cpp_pointer", get_pointee, set_pointee);
    return type;
}

PyTypeObject* sequence_type() {
    static PyTypeObject* const type = make_container_type(
        "backdoor.cpp_sequence", iterate_values, {{Py_mp_subscript, slot(get_element)}});
    return type;
}

PyTypeObject* elements_type() {
    static PyTypeObject* const type = make_container_type("backdoor.cpp_set", iterate_values, {});
    return type;
}

PyTypeObject* mapping_type() {
    static PyMethodDef methods[] = {
        {"keys", keys, METH_NOARGS, "Its keys, one after the other."},
        {"values", values, METH_NOARGS, "Its values, one after the other."},
        {"items", items, METH_NOARGS, "Its keys and values, one pair after the other."},
        {"get", get_or, METH_VARARGS, "get(key, default=None): the value, where there is that key."},
        {nullptr, nullptr, 0, nullptr},
    };
    static PyTypeObject* const type = make_container_type(
        "backdoor.cpp_mapping", iterate_keys,
        {{Py_mp_subscript, slot(get_value)}, {Py_sq_contains, slot(contains)}, {Py_tp_methods, methods}});
    return type;
}

ref make_view(const object& of, shape as) {
    PyTypeObject* const type = as == shape::record     ? record_type()
                               : as == shape::pointer  ? pointer_type()
                               : as == shape::sequence ? sequence_type()
                               : as == shape::elements ? elements_type()
                                                       : mapping_type();
    return make_holding<object>(type, of);
}

const object* viewed(PyObject* one) {
    const auto types = {record_type(), pointer_type(), sequence_type(), elements_type(),
                        mapping_type()};
    return std::find(types.begin(), types.end(), Py_TYPE(one)) != types.end() ? &held<object>(one)
                                                                              : nullptr;
}

}  // namespace backdoor
