#include "console/exposed_object.hpp"

#include "console/border.hpp"
#include "console/exposed_function.hpp"
#include "console/exposed_holder.hpp"

#include <map>

namespace backdoor {

namespace {

/// A member, as an attribute of the Python type of its record.
struct member_of {
    const description* of;
    std::size_t number;
    Py_ssize_t value_number;  ///< in a copy's values

    const description::member& self() const { return of->members[number]; }
};

std::shared_ptr<const function> bound(const exposed& to, const member_of& which) {
    const auto& about = which.self();
    return std::make_shared<const function>(
        function{about.name, about.documentation,
                 [live = to.live, number = which.number](const arguments& given) {
                     return live->call(number, given);
                 },
                 about.parameters});
}

ref read_member(const exposed& from, const member_of& which) {
    if (which.self().is_function) {
        if (from.live == nullptr) {
            PyErr_Format(PyExc_AttributeError,
                         "this is a copy, which was made when it was looked at; only the object "
                         "itself can be asked to %s()",
                         which.self().name.c_str());
            throw python_error{};
        }
        return make_exposed_function(bound(from, which), from.path);
    }
    if (from.live == nullptr) {
        return ref::share(PyTuple_GET_ITEM(from.values.get(), which.value_number));
    }
    return to_python(look_at(from, [number = which.number](
                                       const live_object& live) { return live.member(number); }),
                     from.path);
}

// ---- descriptors ------------------------------------------------------------------------------

PyObject* descriptor_get(PyObject* self, PyObject* instance, PyObject*) {
    return at_border([&] {
        if (instance == nullptr || instance == Py_None) {
            return ref::share(self).release();
        }
        const auto& which = held<member_of>(self);
        if (exposed_description(instance) != which.of || PyType_Check(instance)) {
            throw bad_argument{"'" + which.self().name + "' is a member of " + which.of->name};
        }
        return read_member(exposed_in(instance), which).release();
    });
}

/// shed.lift(a_shed, 3), as with any class; and what help() takes for a function can be called.
PyObject* descriptor_call(PyObject* self, PyObject* arguments, PyObject* keywords) {
    return at_border([&] {
        if (PyTuple_GET_SIZE(arguments) == 0) {
            throw bad_argument{held<member_of>(self).self().name + "(): of which object?"};
        }
        const auto function = checked(descriptor_get(self, PyTuple_GET_ITEM(arguments, 0), nullptr));
        const auto rest = checked(PyTuple_GetSlice(arguments, 1, PyTuple_GET_SIZE(arguments)));
        return checked(PyObject_Call(function.get(), rest.get(), keywords)).release();
    });
}

int descriptor_set(PyObject* self, PyObject*, PyObject*) {
    PyErr_Format(PyExc_AttributeError, "'%s' is a C++ object's, and read-only here",
                 held<member_of>(self).self().name.c_str());
    return -1;
}

PyObject* descriptor_name(PyObject* self, void*) {
    return at_border([&] { return to_str(held<member_of>(self).self().name).release(); });
}

PyObject* descriptor_documentation(PyObject* self, void*) {
    return at_border([&] {
        const auto& text = held<member_of>(self).self().documentation;
        return (text.empty() ? ref::share(Py_None) : to_str(text)).release();
    });
}

PyObject* descriptor_signature(PyObject* self, void*) {
    return at_border([&] {
        const auto& about = held<member_of>(self).self();
        return make_signature(about.parameters, about.is_function).release();
    });
}

PyObject* descriptor_repr(PyObject* self) {
    const auto& which = held<member_of>(self);
    return PyUnicode_FromFormat("<C++ %s %s of %s>",
                                which.self().is_function ? "function" : "member",
                                which.self().name.c_str(), which.of->name.c_str());
}

PyTypeObject* make_descriptor_type(const char* name, descrsetfunc set) {
    static PyGetSetDef properties[] = {
        {"__name__", descriptor_name, nullptr, nullptr, nullptr},
        {"__doc__", descriptor_documentation, nullptr, nullptr, nullptr},
        {"__signature__", descriptor_signature, nullptr, nullptr, nullptr},
        {nullptr, nullptr, nullptr, nullptr, nullptr},
    };
    PyType_Slot slots[] = {
        {Py_tp_descr_get, slot(descriptor_get)},
        {Py_tp_repr, slot(descriptor_repr)},
        {Py_tp_getset, properties},
        {Py_tp_dealloc, slot(dealloc_holding<member_of>)},
        set != nullptr ? PyType_Slot{Py_tp_descr_set, slot(set)}
                       : PyType_Slot{Py_tp_call, slot(descriptor_call)},
        {0, nullptr},
    };
    return make_holding_type<member_of>(name, slots);
}

PyTypeObject* member_type() {
    static PyTypeObject* const type = make_descriptor_type("backdoor.member", descriptor_set);
    return type;
}

PyTypeObject* method_type() {
    static PyTypeObject* const type = make_descriptor_type("backdoor.method", nullptr);
    return type;
}

// ---- records ----------------------------------------------------------------------------------

PyObject* record_dir(PyObject* self, PyObject*) {
    return at_border([&] {
        const auto names = checked(PyList_New(0));
        for (const auto& one : exposed_in(self).of->members) {
            check(PyList_Append(names.get(), to_str(one.name).get()));
        }
        return ref{names}.release();
    });
}

PyObject* record_compare(PyObject* self, PyObject* other, int how) {
    if (Py_TYPE(self) != Py_TYPE(other) || (how != Py_EQ && how != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    const auto& one = exposed_in(self);
    const auto& two = exposed_in(other);
    if (one.live == nullptr && two.live == nullptr) {
        return PyObject_RichCompare(one.values.get(), two.values.get(), how);
    }
    return PyBool_FromLong((self == other) == (how == Py_EQ));
}

Py_hash_t record_hash(PyObject* self) {
    const auto& one = exposed_in(self);
    return one.live == nullptr ? PyObject_Hash(one.values.get()) : _Py_HashPointer(self);
}

PyTypeObject* make_record_type(const description& of) {
    static PyMethodDef methods[] = {
        {"__dir__", record_dir, METH_NOARGS, nullptr},
        {"__copy__", exposed_copy, METH_NOARGS, "Its members' values now."},
        {"__deepcopy__", exposed_copy, METH_O, "Its members' values now."},
        {nullptr, nullptr, 0, nullptr},
    };
    PyType_Slot slots[] = {
        {Py_tp_methods, methods},
        {Py_tp_repr, slot(exposed_repr)},
        {Py_tp_richcompare, slot(record_compare)},
        {Py_tp_hash, slot(record_hash)},
        {Py_tp_doc, const_cast<char*>(of.documentation.c_str())},
        {Py_tp_dealloc, slot(dealloc_holding<exposed>)},
        {0, nullptr},
    };
    // CPython up to 3.11 keeps the pointer.
    static auto& names = *new std::map<const description*, std::string>;
    const auto& name = names.emplace(&of, "backdoor." + of.name).first->second;
    PyTypeObject* const type = make_holding_type<exposed>(name.c_str(), slots);
    Py_ssize_t values = 0;
    for (std::size_t i = 0; i < of.members.size(); ++i) {
        const bool is_function = of.members[i].is_function;
        const auto descriptor = make_holding<member_of>(is_function ? method_type() : member_type(),
                                                        {&of, i, is_function ? -1 : values++});
        check(PyObject_SetAttrString(reinterpret_cast<PyObject*>(type), of.members[i].name.c_str(),
                                     descriptor.get()));
    }
    return type;
}

/// Each kind of record has a Python type; never destroyed: at exit nobody has the GIL.
std::map<const description*, PyTypeObject*>& record_types() {
    static auto& known = *new std::map<const description*, PyTypeObject*>;
    return known;
}

PyTypeObject* exposed_type(const description& of) {
    if (of.shape != shape::record) {
        return exposed_container_type(of.shape);
    }
    auto& known = record_types();
    const auto found = known.find(&of);
    return found != known.end() ? found->second
                                : known.emplace(&of, make_record_type(of)).first->second;
}

}  // namespace

PyObject* exposed_repr(PyObject* self) {
    return at_border([&] {
        const auto& one = exposed_in(self);
        if (one.live != nullptr) {
            constexpr int depth = 3;
            constexpr std::size_t elements = 10;
            const auto shown = look_at(one, [](const live_object& live) {
                return live.copy(detail::copier{depth, elements});
            });
            return to_str(text_of(shown)).release();
        }
        std::string text;
        Py_ssize_t number = 0;
        for (const auto& member : one.of->members) {
            if (!member.is_function) {
                const auto value = checked(PyObject_Repr(PyTuple_GET_ITEM(one.values.get(), number++)));
                text += (text.empty() ? "" : ", ") + member.name + "=" + PyUnicode_AsUTF8(value.get());
            }
        }
        return to_str(one.of->name + "(" + text + ")").release();
    });
}

PyObject* exposed_copy(PyObject* self, PyObject*) {
    return at_border([&] {
        const auto& one = exposed_in(self);
        if (one.live == nullptr) {
            return ref::share(self).release();
        }
        const auto all = look_at(one, [](const live_object& live) {
            return live.copy(detail::copier{live_object::most_elements});
        });
        return to_python(all, one.path).release();
    });
}

ref make_exposed_object(std::shared_ptr<const live_object> object,
                        std::shared_ptr<const access_path> path) {
    const auto& of = object->type();
    return make_holding<exposed>(exposed_type(of), {&of, std::move(object), std::move(path), {}});
}

ref make_exposed_copy(const description& of, ref values) {
    return make_holding<exposed>(exposed_type(of), {&of, nullptr, nullptr, std::move(values)});
}

const description* exposed_description(PyObject* object) {
    PyTypeObject* const type =
        PyType_Check(object) ? reinterpret_cast<PyTypeObject*>(object) : Py_TYPE(object);
    for (const auto& [of, known] : record_types()) {
        if (known == type) {
            return of;
        }
    }
    return nullptr;
}

ref exposed_member(const description& of, const std::string& name) {
    for (const auto& one : of.members) {
        if (one.name != name) {
            continue;
        }
        if (one.is_function) {
            return checked(PyObject_GetAttrString(reinterpret_cast<PyObject*>(exposed_type(of)),
                                                  name.c_str()));
        }
        return one.type == nullptr
                   ? ref{}
                   : ref::share(reinterpret_cast<PyObject*>(exposed_type(*one.type())));
    }
    return {};
}

std::vector<parameter> exposed_parameters(PyObject* callable) {
    if (Py_TYPE(callable) == method_type()) {
        return held<member_of>(callable).self().parameters;
    }
    return parameters_of_function(callable);
}

}  // namespace backdoor
