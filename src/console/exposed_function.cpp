#include "console/exposed_function.hpp"

#include "console/border.hpp"

#include <new>

namespace backdoor {

namespace {

struct exposed {
    std::shared_ptr<const function> callable;
    std::shared_ptr<const access_path> path;
};

struct function_object {
    PyObject_HEAD
    alignas(exposed) unsigned char content[sizeof(exposed)];
};

exposed& of(PyObject* self) {
    return *std::launder(
        reinterpret_cast<exposed*>(reinterpret_cast<function_object*>(self)->content));
}

arguments collect(PyObject* positional, PyObject* keywords) {
    arguments given;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(positional); ++i) {
        given.positional.push_back(from_python(PyTuple_GET_ITEM(positional, i)));
    }
    PyObject* key = nullptr;
    PyObject* item = nullptr;
    for (Py_ssize_t i = 0; keywords != nullptr && PyDict_Next(keywords, &i, &key, &item) != 0;) {
        given.keywords.emplace(from_python(key).as<std::string>(), from_python(item));
    }
    return given;
}

PyObject* call(PyObject* self, PyObject* positional, PyObject* keywords) {
    return at_border([&] {
        const auto [callable, path] = of(self);
        try {
            const auto given = collect(positional, keywords);
            // The pieces are shared: the loop may run this after its console has given up.
            const auto result =
                path->call([callable = callable, given] { return callable->call(given); });
            return to_python(result, path).release();
        } catch (const bad_argument& failure) {
            throw bad_argument{callable->name + "(): " + failure.what()};
        }
    });
}

PyObject* repr(PyObject* self) {
    return PyUnicode_FromFormat("<C++ function %s>", of(self).callable->name.c_str());
}

PyObject* get_name(PyObject* self, void*) {
    return at_border([&] { return to_str(of(self).callable->name).release(); });
}

PyObject* get_documentation(PyObject* self, void*) {
    return at_border([&] {
        const auto& text = of(self).callable->documentation;
        return (text.empty() ? ref::share(Py_None) : to_str(text)).release();
    });
}

void dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    of(self).~exposed();
    type->tp_free(self);
    Py_DECREF(type);
}

PyTypeObject* function_type() {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        static PyGetSetDef properties[] = {
            {"__name__", get_name, nullptr, nullptr, nullptr},
            {"__qualname__", get_name, nullptr, nullptr, nullptr},
            {"__doc__", get_documentation, nullptr, nullptr, nullptr},
            {nullptr, nullptr, nullptr, nullptr, nullptr},
        };
        static PyType_Slot slots[] = {
            {Py_tp_call, reinterpret_cast<void*>(call)},
            {Py_tp_repr, reinterpret_cast<void*>(repr)},
            {Py_tp_getset, properties},
            {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
            {0, nullptr},
        };
        static PyType_Spec spec{"backdoor.cpp_function", sizeof(function_object), 0,
                                Py_TPFLAGS_DEFAULT, slots};
        type = reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)).release());
    }
    return type;
}

}  // namespace

ref make_exposed_function(std::shared_ptr<const function> callable,
                          std::shared_ptr<const access_path> path) {
    auto self = checked(PyType_GenericAlloc(function_type(), 0));
    new (reinterpret_cast<function_object*>(self.get())->content)
        exposed{std::move(callable), std::move(path)};
    return self;
}

}  // namespace backdoor
