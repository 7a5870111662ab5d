#include "console/conversions.hpp"

#include "console/border.hpp"
#include "console/exposed_function.hpp"
#include "console/exposed_object.hpp"
#include "console/standard_values.hpp"

namespace backdoor {

namespace {

// A structure that contains itself has no end.
constexpr int max_depth = 100;

class to_python_visitor : plain_values_to_python {
public:
    explicit to_python_visitor(const std::shared_ptr<const access_path>& path) : path_{path} {}

    using plain_values_to_python::operator();
    ref operator()(const bytes& raw) const {
        return checked(PyBytes_FromStringAndSize(raw.data.data(),
                                                 static_cast<Py_ssize_t>(raw.data.size())));
    }
    ref operator()(const list& items) const {
        auto result = checked(PyList_New(static_cast<Py_ssize_t>(items.size())));
        Py_ssize_t i = 0;
        for (const auto& item : items) {
            PyList_SET_ITEM(result.get(), i++, convert(item).release());
        }
        return result;
    }
    ref operator()(const tuple& fixed) const {
        auto result = checked(PyTuple_New(static_cast<Py_ssize_t>(fixed.items.size())));
        Py_ssize_t i = 0;
        for (const auto& item : fixed.items) {
            PyTuple_SET_ITEM(result.get(), i++, convert(item).release());
        }
        return result;
    }
    ref operator()(const dict& items) const {
        auto result = checked(PyDict_New());
        for (const auto& [key, item] : items) {
            check(PyDict_SetItem(result.get(), convert(key).get(), convert(item).get()));
        }
        return result;
    }
    ref operator()(const enumerator& one) const { return to_python(one); }
    ref operator()(const time_span& span) const { return to_python(span); }
    ref operator()(const copied_record& copy) const {
        if (copy.of == nullptr) {
            return ref::share(Py_Ellipsis);
        }
        return make_exposed_copy(*copy.of, (*this)(tuple{copy.members}));
    }
    ref operator()(const std::shared_ptr<const live_object>& object) const {
        return make_exposed_object(object, path_);
    }
    ref operator()(const std::shared_ptr<const function>& callable) const {
        return make_exposed_function(callable, path_);
    }

private:
    ref convert(const value& item) const { return std::visit(*this, item.content()); }

    const std::shared_ptr<const access_path>& path_;
};

class from_python_converter {
public:
    value convert(PyObject* object) {
        const nesting guard{*this};
        if (object == Py_None) {
            return {};
        }
        if (PyBool_Check(object)) {
            return object == Py_True;
        }
        if (PyLong_Check(object)) {
            return integer(object);
        }
        if (PyFloat_Check(object)) {
            return PyFloat_AS_DOUBLE(object);
        }
        if (PyUnicode_Check(object)) {
            return text(object);
        }
        if (PyBytes_Check(object)) {
            return bytes{{PyBytes_AS_STRING(object),
                          static_cast<std::size_t>(PyBytes_GET_SIZE(object))}};
        }
        if (PyTuple_Check(object)) {
            return tuple{sequence(object)};
        }
        if (PyList_Check(object)) {
            return sequence(object);
        }
        if (PyDict_Check(object)) {
            return mapping(object);
        }
        if (const auto span = span_from(object)) {
            return value::storage{*span};
        }
        throw bad_argument{std::string{"cannot pass a "} + Py_TYPE(object)->tp_name + " to C++"};
    }

private:
    struct nesting {
        explicit nesting(from_python_converter& c) : converter{c} {
            if (++converter.depth_ > max_depth) {
                throw bad_argument{"the value is nested too deeply for C++"};
            }
        }
        ~nesting() { --converter.depth_; }
        from_python_converter& converter;
    };

    static value integer(PyObject* object) {
        const long long number = PyLong_AsLongLong(object);
        if (number != -1 || PyErr_Occurred() == nullptr) {
            return static_cast<std::int64_t>(number);
        }
        PyErr_Clear();
        const unsigned long long large = PyLong_AsUnsignedLongLong(object);
        if (PyErr_Occurred() != nullptr) {
            PyErr_Clear();
            throw bad_argument{"the integer has more than 64 bits"};
        }
        return static_cast<std::uint64_t>(large);
    }

    static value text(PyObject* object) {
        const auto utf8 =
            checked(PyUnicode_AsEncodedString(object, "utf-8", "surrogateescape"));
        return std::string{PyBytes_AS_STRING(utf8.get()),
                           static_cast<std::size_t>(PyBytes_GET_SIZE(utf8.get()))};
    }

    list sequence(PyObject* object) {
        list items;
        const auto fast = checked(PySequence_Tuple(object));
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fast.get()); ++i) {
            items.push_back(convert(PyTuple_GET_ITEM(fast.get(), i)));
        }
        return items;
    }

    dict mapping(PyObject* object) {
        dict items;
        PyObject* key = nullptr;
        PyObject* item = nullptr;
        for (Py_ssize_t i = 0; PyDict_Next(object, &i, &key, &item) != 0;) {
            items.emplace_back(convert(key), convert(item));
        }
        return items;
    }

    int depth_ = 0;
};

}  // namespace

ref to_python(const value& source, const std::shared_ptr<const access_path>& path) {
    return std::visit(to_python_visitor{path}, source.content());
}

value from_python(PyObject* object) { return from_python_converter{}.convert(object); }

}  // namespace backdoor
