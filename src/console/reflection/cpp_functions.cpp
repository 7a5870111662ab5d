#include "console/reflection/cpp_functions.hpp"

#include "console/border.hpp"
#include "console/reflection/cpp_modes.hpp"
#include "console/reflection/cpp_values.hpp"

#include <chrono>
#include <stdexcept>
#include <vector>

namespace backdoor {

namespace {

constexpr std::size_t most_found = 500;
constexpr std::size_t most_instances = 100'000;
constexpr int longest_search = 60;

/// From its name or a cpp_type.
const reflect::type& type_from(look& at, PyObject* name) {
    if (const auto* const of = held_type(name)) {
        return *of;
    }
    if (PyUnicode_Check(name) == 0) {
        PyErr_Format(PyExc_TypeError, "a type is given by its name, not by a %s",
                     Py_TYPE(name)->tp_name);
        throw python_error{};
    }
    return at->find_type(text_of(name));
}

const reflect::object& view_from(PyObject* object) {
    const auto* const one = viewed(object);
    if (one == nullptr) {
        PyErr_Format(PyExc_TypeError, "this is for C++ objects with parts, not for a %s",
                     Py_TYPE(object)->tp_name);
        throw python_error{};
    }
    return *one;
}

PyObject* at_address(PyObject*, PyObject* arguments) {
    return at_border([&]() -> PyObject* {
        unsigned long long where = 0;
        PyObject* name = nullptr;
        if (PyArg_ParseTuple(arguments, "KO:at", &where, &name) == 0) {
            return nullptr;
        }
        look at;
        return to_python(at, at->read(at->at(where, type_from(at, name)))).release();
    });
}

PyObject* address_of(PyObject*, PyObject* object) {
    return at_border([&] { return PyLong_FromUnsignedLongLong(view_from(object).at); });
}

PyObject* type_named(PyObject*, PyObject* name) {
    return at_border([&] {
        look at;
        const auto* const object = viewed(name);
        return make_cpp_type(object != nullptr ? *object->of : type_from(at, name)).release();
    });
}

PyObject* size_of(PyObject*, PyObject* name) {
    return at_border([&] {
        look at;
        const auto* const object = viewed(name);
        return PyLong_FromUnsignedLongLong(
            at->size_of(object != nullptr ? *object->of : type_from(at, name)));
    });
}

PyObject* search(PyObject*, PyObject* pattern) {
    return at_border([&]() -> PyObject* {
        if (PyUnicode_Check(pattern) == 0) {
            PyErr_SetString(PyExc_TypeError, "search('pattern'): a str, as 'sess*'");
            return nullptr;
        }
        look at;
        return to_list(at->search(text_of(pattern), most_found)).release();
    });
}

/// To the console's own output, which may have to wait for its client: not while looking.
PyObject* tree(PyObject*, PyObject* arguments, PyObject* keywords) {
    return at_border([&]() -> PyObject* {
        static const char* names[] = {"object", "depth", nullptr};
        PyObject* object = nullptr;
        int depth = 3;
        if (PyArg_ParseTupleAndKeywords(arguments, keywords, "O|i:tree", const_cast<char**>(names),
                                        &object, &depth) == 0) {
            return nullptr;
        }
        reflect::text_limits limits;
        limits.depth = depth;
        limits.characters = 100'000;
        const auto& what = view_from(object);
        const auto text = [&] {
            look at;
            return to_str(at->tree(what, limits));
        }();
        const auto print = checked(PyObject_GetAttrString(
            checked(PyImport_ImportModule("builtins")).get(), "print"));
        const auto arguments_of_print = checked(PyTuple_Pack(1, text.get()));
        const auto no_end = checked(Py_BuildValue("{s:s}", "end", ""));
        return checked(PyObject_Call(print.get(), arguments_of_print.get(), no_end.get())).release();
    });
}

/// What a search of limited time has found.
template <class Search>
PyObject* objects_of(PyObject* arguments, PyObject* keywords, const char* format, Search run) {
    return at_border([&]() -> PyObject* {
        static const char* names[] = {"type", "limit", nullptr};
        PyObject* name = nullptr;
        double seconds = 2;
        if (PyArg_ParseTupleAndKeywords(arguments, keywords, format, const_cast<char**>(names), &name,
                                        &seconds) == 0) {
            return nullptr;
        }
        if (!(seconds > 0 && seconds <= longest_search)) {
            PyErr_Format(PyExc_ValueError, "the limit is up to %d seconds", longest_search);
            return nullptr;
        }
        look at;
        const auto& of = type_from(at, name);
        std::vector<reflect::object> found;
        try {
            const gil_released searching;
            found = run(at, of, std::chrono::milliseconds{static_cast<int>(seconds * 1000)});
        } catch (const std::length_error& cut) {
            PyErr_SetString(PyExc_TimeoutError, cut.what());
            return nullptr;
        }
        auto list = checked(PyList_New(0));
        for (const auto& one : found) {
            check(PyList_Append(list.get(), to_python(at, at->read(one)).get()));
        }
        return list.release();
    });
}

PyObject* find_all(PyObject*, PyObject* arguments, PyObject* keywords) {
    return objects_of(arguments, keywords, "O|d:find",
                      [](look& at, const reflect::type& of, std::chrono::milliseconds limit) {
                          return at->instances(of, limit, most_instances);
                      });
}

PyObject* this_of(PyObject*, PyObject* arguments, PyObject* keywords) {
    return objects_of(arguments, keywords, "O|d:this_of",
                      [](look& at, const reflect::type& of, std::chrono::milliseconds limit) {
                          return at->this_of(of, limit);
                      });
}

PyObject* writable(PyObject*, PyObject*) {
    return at_border([] { return make_cpp_writable().release(); });
}
PyObject* calls(PyObject*, PyObject*) {
    return at_border([] { return make_cpp_calls().release(); });
}
PyObject* snapshot(PyObject*, PyObject*) {
    return at_border([] { return make_cpp_snapshot().release(); });
}
PyObject* locked(PyObject*, PyObject* mutex) {
    return at_border([&] { return make_cpp_locked(mutex).release(); });
}

PyMethodDef all[] = {
    {"at", at_address, METH_VARARGS,
     "at(address, 'ns::Type') -> the C++ object there, as what its vtable says it is."},
    {"address", address_of, METH_O, "address(object) -> where a C++ object is."},
    {"type", type_named, METH_O,
     "type('ns::Type'), type(object) -> a C++ type; shown with offsets, sizes and padding."},
    {"sizeof", size_of, METH_O, "sizeof('ns::Type'), sizeof(object) -> bytes."},
    {"search", search, METH_O,
     "search('sess*'), search('ns::*') -> names that match a pattern; those of std only where it "
     "begins with std::."},
    {"tree", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(tree)),
     METH_VARARGS | METH_KEYWORDS,
     "tree(object, depth=3): prints what is in a C++ object, a line for each member."},
    {"find", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(find_all)),
     METH_VARARGS | METH_KEYWORDS,
     "find('ns::Type', limit=2) -> all objects of a class with virtual functions, and of those derived "
     "from it, wherever they are; TimeoutError after so many seconds. Some may have ended."},
    {"this_of", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(this_of)),
     METH_VARARGS | METH_KEYWORDS,
     "this_of('ns::Type', limit=2) -> the objects of a class, and of those derived from it, whose member "
     "functions waiting threads are in."},
    {"calls", calls, METH_NOARGS,
     "with calls(): C++ functions can be called: ns.function(2), object.function(2). Recorded."},
    {"writable", writable, METH_NOARGS,
     "with writable(): C++ numbers, enumerations and pointers can be assigned to. Recorded."},
    {"locked", locked, METH_O,
     "with locked(object.mutex_): holds a mutex of the program's, a shared one for reading."},
    {"snapshot", snapshot, METH_NOARGS,
     "with snapshot(): C++ objects are seen as they were when it began, in a forked copy."},
    {nullptr, nullptr, 0, nullptr},  // __dir__
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

PyMethodDef* cpp_functions(PyCFunction dir) {
    constexpr auto last = sizeof all / sizeof *all - 2;
    all[last] = {"__dir__", dir, METH_NOARGS, nullptr};
    return all;
}

const PyMethodDef* cpp_functions() { return all; }

}  // namespace backdoor
