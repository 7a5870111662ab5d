#include "console/reflection/cpp_names.hpp"

#include "console/border.hpp"
#include "console/reflection/cpp_calls.hpp"
#include "console/reflection/cpp_functions.hpp"
#include "console/reflection/cpp_views.hpp"
#include "console/holding.hpp"
#include "console/reflection/cpp_assign.hpp"
#include "session/roots.hpp"

#include <backdoor/value.hpp>

#include <string>

namespace backdoor {

namespace {

bool is_dunder(std::string_view name) { return name.starts_with("__") && name.ends_with("__"); }

/// A path in the C++ program: of a namespace, of a function; empty: of all.
struct place {
    std::string path;
    std::optional<reflect::object> self = std::nullopt;  ///< of a member function, where it is known
};

std::string below(PyObject* self, std::string_view name) {
    const auto& path = held<place>(self).path;
    return path.empty() ? std::string{name} : path + "::" + std::string{name};
}

ref find(PyObject* self, PyObject* name) {
    look at;
    return to_python(at, at->find(below(self, text_of(name))));
}

PyObject* get_name(PyObject* self, PyObject* name) {
    return at_border([&] {
        return is_dunder(text_of(name)) ? checked(PyObject_GenericGetAttr(self, name)).release()
                                        : find(self, name).release();
    });
}

/// What the host has given by backdoor::root(); empty where it has given nothing of that name.
ref find_given(std::string_view name) {
    const auto given = find_root(name);
    if (!given) {
        return {};
    }
    look at;
    return to_python(at, at->read(at->at(given->at, at->find_type(given->type))));
}

/// `cpp` has functions beside the names; those of the same name are cpp['...'].
PyObject* get_function_or_name(PyObject* self, PyObject* name) {
    PyObject* const own = PyObject_GenericGetAttr(self, name);
    if (own != nullptr || PyErr_ExceptionMatches(PyExc_AttributeError) == 0) {
        return own;
    }
    PyErr_Clear();
    return at_border([&] {
        auto given = find_given(text_of(name));
        return given ? given.release() : get_name(self, name);
    });
}

/// A variable.
int set_name(PyObject* self, PyObject* name, PyObject* value) {
    return at_border([&] {
        require_writable();
        const auto path = below(self, text_of(name));
        look at;
        const auto found = at->find(path);
        const auto* const variable = std::get_if<reflect::object>(&found);
        if (variable == nullptr) {
            throw bad_argument{path + " is no variable that could be assigned to"};
        }
        assign(at, *variable, path, value);
        return 0;
    });
}

PyObject* get_path(PyObject* self, PyObject* path) {
    return at_border([&]() -> PyObject* {
        if (PyUnicode_Check(path) == 0) {
            PyErr_SetString(PyExc_TypeError, "in brackets stands a name: cpp['ns::name']");
            return nullptr;
        }
        return find(self, path).release();
    });
}

PyObject* dir(PyObject* self, PyObject*) {
    return at_border([&] {
        look at;
        return to_list(at->names_in(held<place>(self).path)).release();
    });
}

PyObject* dir_of_all(PyObject* self, PyObject* none) {
    return at_border([&] {
        auto names = checked(dir(self, none));
        for (const auto& one : root_names()) {
            check(PyList_Append(names.get(), to_str(one).get()));
        }
        for (const auto* one = cpp_functions(); one->ml_name != nullptr; ++one) {
            if (one->ml_name[0] != '_') {
                check(PyList_Append(names.get(), to_str(one->ml_name).get()));
            }
        }
        return names.release();
    });
}

PyObject* repr_of_all(PyObject*) {
    return at_border([&] {
        look at;
        return to_str("<" + at->summary() + "; dir(cpp), cpp.search('*name*')>").release();
    });
}

PyObject* repr_of_scope(PyObject* self) {
    return at_border([&] { return to_str("<C++ namespace " + held<place>(self).path + ">").release(); });
}

PyObject* repr_of_function(PyObject* self) {
    return at_border([&] { return to_str("<C++ function " + held<place>(self).path + ">").release(); });
}

PyTypeObject* all_type() {
    static PyType_Slot slots[] = {
        {Py_tp_getattro, slot(get_function_or_name)},
        {Py_tp_setattro, slot(set_name)},
        {Py_mp_subscript, slot(get_path)},
        {Py_tp_methods, cpp_functions(dir_of_all)},
        {Py_tp_repr, slot(repr_of_all)},
        {Py_tp_dealloc, slot(dealloc_holding<place>)},
        {0, nullptr},
    };
    static PyTypeObject* const type = make_holding_type<place>("backdoor.cpp", slots);
    return type;
}

/// Without the object's class: that may be one derived from where the function is.
std::string last_of(const std::string& path) {
    return path.substr(path.rfind("::") + 2);
}

PyObject* call(PyObject* self, PyObject* arguments, PyObject* keywords) {
    return at_border([&]() -> PyObject* {
        const auto& of = held<place>(self);
        if (keywords != nullptr && PyDict_GET_SIZE(keywords) != 0) {
            PyErr_SetString(PyExc_TypeError, "C++ functions take their arguments by place, not by name");
            return nullptr;
        }
        return call_cpp(of.self ? last_of(of.path) : of.path, of.self, arguments).release();
    });
}

PyTypeObject* make_place_type(const char* name, reprfunc repr, ternaryfunc call) {
    static PyMethodDef methods[] = {
        {"__dir__", dir, METH_NOARGS, nullptr},
        {nullptr, nullptr, 0, nullptr},
    };
    PyType_Slot slots[] = {
        {Py_tp_getattro, slot(get_name)},     {Py_tp_setattro, slot(set_name)},
        {Py_mp_subscript, slot(get_path)},    {Py_tp_methods, methods},
        {Py_tp_repr, slot(repr)},             {Py_tp_dealloc, slot(dealloc_holding<place>)},
        {call != nullptr ? Py_tp_call : 0, slot(call)},
        {0, nullptr},
    };
    return make_holding_type<place>(name, slots);
}

PyTypeObject* scope_type() {
    static PyTypeObject* const type = make_place_type("backdoor.cpp_namespace", repr_of_scope, nullptr);
    return type;
}

PyTypeObject* function_type() {
    static PyTypeObject* const type = make_place_type("backdoor.cpp_function_name", repr_of_function, call);
    return type;
}

// ---- types ------------------------------------------------------------------------------------

struct shown_type {
    const reflect::type* of;
};

PyObject* repr_of_type(PyObject* self) {
    return at_border([&] {
        look at;
        auto text = at->layout(*held<shown_type>(self).of);
        text.pop_back();
        return to_str(text).release();
    });
}

PyObject* name_of_type(PyObject* self) {
    return at_border([&] {
        look at;
        return to_str(at->name_of(*held<shown_type>(self).of)).release();
    });
}

PyObject* get_of_type(PyObject* self, PyObject* name) {
    return at_border([&] {
        const auto text = text_of(name);
        if (is_dunder(text)) {
            return checked(PyObject_GenericGetAttr(self, name)).release();
        }
        look at;
        return to_python(at, at->find_in(*held<shown_type>(self).of, text)).release();
    });
}

int set_static(PyObject* self, PyObject* name, PyObject* value) {
    return at_border([&] {
        require_writable();
        const auto text = text_of(name);
        look at;
        const auto& of = *held<shown_type>(self).of;
        const auto found = at->find_in(of, text);
        const auto* const variable = std::get_if<reflect::object>(&found);
        const auto path = at->name_of(of) + "::" + std::string{text};
        if (variable == nullptr) {
            throw bad_argument{path + " is no variable that could be assigned to"};
        }
        assign(at, *variable, path, value);
        return 0;
    });
}

PyObject* dir_of_type(PyObject* self, PyObject*) {
    return at_border([&] {
        look at;
        return to_list(at->names_in(*held<shown_type>(self).of)).release();
    });
}

PyTypeObject* type_type() {
    static PyMethodDef methods[] = {
        {"__dir__", dir_of_type, METH_NOARGS, nullptr},
        {nullptr, nullptr, 0, nullptr},
    };
    static PyType_Slot slots[] = {
        {Py_tp_getattro, slot(get_of_type)}, {Py_tp_setattro, slot(set_static)},
        {Py_tp_methods, methods},            {Py_tp_repr, slot(repr_of_type)},
        {Py_tp_str, slot(name_of_type)},     {Py_tp_dealloc, slot(dealloc_holding<shown_type>)},
        {0, nullptr},
    };
    static PyTypeObject* const type = make_holding_type<shown_type>("backdoor.cpp_type", slots);
    return type;
}

}  // namespace

ref make_cpp() { return make_holding<place>(all_type(), {}); }

ref make_cpp_scope(std::string path) {
    return make_holding<place>(scope_type(), {std::move(path)});
}

ref make_cpp_function(std::string name, std::optional<reflect::object> of) {
    return make_holding<place>(function_type(), {std::move(name), of});
}

ref make_cpp_type(const reflect::type& of) { return make_holding<shown_type>(type_type(), {&of}); }

const reflect::type* held_type(PyObject* object) {
    return Py_TYPE(object) == type_type() ? held<shown_type>(object).of : nullptr;
}

bool is_reflected(PyObject* object) {
    PyTypeObject* const type = Py_TYPE(object);
    return type == all_type() || type == scope_type() || type == function_type() ||
           type == type_type() || viewed(object) != nullptr;
}

}  // namespace backdoor
