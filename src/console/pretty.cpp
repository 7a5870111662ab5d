#include "console/pretty.hpp"

#include "console/border.hpp"
#include "console/pretty_layout.hpp"
#include "console/sys_routing.hpp"
#include "session/channel.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace backdoor {

namespace {

// Of one page.
constexpr std::size_t most_leaves = 1'000;
constexpr std::size_t most_bytes = 64 * 1024;
// Of one value in it.
constexpr Py_ssize_t longest_string = 1'000;
constexpr std::size_t longest_repr = 8 * 1024;
constexpr int deepest = 20;

struct brackets {
    std::string begin;
    std::string end;
};

std::string text_of(const ref& str) {
    const auto bytes =
        checked(PyUnicode_AsEncodedString(str.get(), "utf-8", "backslashreplace"));
    return {PyBytes_AS_STRING(bytes.get()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get()))};
}

bool is_of_type(PyObject* value, std::string_view name) { return Py_TYPE(value)->tp_name == name; }

/// Of exactly these types: a subclass has its own ways. Nothing for all others.
std::optional<brackets> brackets_of(PyObject* value) {
    if (PyList_CheckExact(value)) {
        return brackets{"[", "]"};
    }
    if (PyTuple_CheckExact(value)) {
        return brackets{"(", PyTuple_GET_SIZE(value) == 1 ? ",)" : ")"};
    }
    if (PyDict_CheckExact(value) || Py_IS_TYPE(value, &PySet_Type)) {
        return brackets{"{", "}"};
    }
    if (PyFrozenSet_CheckExact(value)) {
        return brackets{"frozenset({", "})"};
    }
    for (const auto* view : {"dict_keys", "dict_values", "dict_items"}) {
        if (is_of_type(value, view)) {
            return brackets{std::string{view} + "([", "])"};
        }
    }
    if (is_of_type(value, "collections.deque")) {
        const auto limit = checked(PyObject_GetAttrString(value, "maxlen"));
        const auto end =
            limit.get() == Py_None ? "" : ", maxlen=" + text_of(checked(PyObject_Repr(limit.get())));
        return brackets{"deque([", "]" + end + ")"};
    }
    if (is_of_type(value, "collections.defaultdict")) {
        const auto factory = checked(PyObject_GetAttrString(value, "default_factory"));
        return brackets{"defaultdict(" + text_of(checked(PyObject_Repr(factory.get()))) + ", {",
                        "})"};
    }
    return std::nullopt;
}

struct entry {
    ref key;  // in a dict
    ref value;
};

/// Taken in one go, without running any Python: others may change the container afterwards.
std::vector<entry> entries_of(PyObject* container, std::size_t first, std::size_t count) {
    std::vector<entry> entries;
    if (PyDict_Check(container)) {
        PyObject* key = nullptr;
        PyObject* value = nullptr;
        std::size_t number = 0;
        for (Py_ssize_t i = 0;
             entries.size() < count && PyDict_Next(container, &i, &key, &value) != 0; ++number) {
            if (number >= first) {
                entries.push_back({ref::share(key), ref::share(value)});
            }
        }
        return entries;
    }
    const auto iterator = checked(PyObject_GetIter(container));
    for (std::size_t number = 0; entries.size() < count; ++number) {
        auto item = ref::take(PyIter_Next(iterator.get()));
        if (!item) {
            if (PyErr_Occurred() != nullptr) {
                throw python_error{};
            }
            break;
        }
        if (number >= first) {
            entries.push_back({{}, std::move(item)});
        }
    }
    return entries;
}

std::size_t size_of(PyObject* container) {
    const auto size = PyObject_Size(container);
    check(size < 0 ? -1 : 0);
    return static_cast<std::size_t>(size);
}

/// Like repr() of a container, which a container within itself does not enter again.
class visit {
public:
    explicit visit(PyObject* value) : value_{value}, again_{Py_ReprEnter(value)} { check(again_); }
    visit(const visit&) = delete;
    visit& operator=(const visit&) = delete;
    ~visit() {
        if (again_ == 0) {
            Py_ReprLeave(value_);
        }
    }
    bool is_within_itself() const { return again_ > 0; }

private:
    PyObject* value_;
    int again_;
};

class page_builder {
public:
    pretty_node build(PyObject* value, int depth) {
        auto shape = brackets_of(value);
        if (!shape || size_of(value) == 0) {
            return leaf(value);
        }
        const visit here{value};
        if (here.is_within_itself()) {
            return {{}, shape->begin + "..." + shape->end, {}, {}, 0, false};
        }
        const auto size = size_of(value);
        const auto most = depth < deepest ? shown_at_once(size) : 0;
        return build_items(value, *shape, 0, most, depth);
    }

    /// All that a container has left, where that is not much more than a page.
    static std::size_t shown_at_once(std::size_t rest, std::size_t page = page_size) {
        return rest <= 2 * page ? rest : page;
    }

    pretty_node build_items(PyObject* container, const brackets& shape, std::size_t first,
                            std::size_t count, int depth) {
        pretty_node node{{}, shape.begin, {}, shape.end, 0, true};
        for (const auto& one : entries_of(container, first, is_spent() ? 0 : count)) {
            if (is_spent() && !node.items.empty()) {
                break;
            }
            std::string key = one.key ? leaf(one.key.get()).text + ": " : std::string{};
            node.items.push_back(build(one.value.get(), depth + 1));
            node.items.back().key = std::move(key);
        }
        const auto shown = first + node.items.size();
        node.left_out = std::max(size_of(container), shown) - shown;
        return node;
    }

private:
    bool is_spent() const { return leaves_ >= most_leaves || bytes_ >= most_bytes; }

    pretty_node leaf(PyObject* value) {
        auto text = PyUnicode_CheckExact(value) || PyBytes_CheckExact(value)
                        ? beginning_of(value)
                        : text_of(checked(PyObject_Repr(value)));
        if (text.size() > longest_repr) {
            text.resize(longest_repr);
            while ((static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) {
                text.pop_back();
            }
            text.back() = ' ';
            text += "…";
        }
        ++leaves_;
        bytes_ += text.size();
        return {{}, std::move(text), {}, {}, 0, false};
    }

    static std::string beginning_of(PyObject* string) {
        const auto size = PySequence_Size(string);
        if (size <= longest_string) {
            return text_of(checked(PyObject_Repr(string)));
        }
        const auto begin = checked(PySequence_GetSlice(string, 0, longest_string));
        return text_of(checked(PyObject_Repr(begin.get()))) + "… " +
               std::to_string(size - longest_string) + " more characters";
    }

    std::size_t leaves_ = 0;
    std::size_t bytes_ = 0;
};

std::string lay_out_page(const pretty_node& page, std::size_t columns) {
    return lay_out(page, columns, " (more() goes on)");
}

PyObject* more(PyObject*, PyObject* positional, PyObject* named) {
    return at_border([&]() -> PyObject* {
        static const char* const names[] = {"count", nullptr};
        Py_ssize_t count = page_size;
        if (PyArg_ParseTupleAndKeywords(positional, named, "|n:more",
                                        const_cast<char**>(names), &count) == 0) {
            return nullptr;
        }
        if (count < 1) {
            PyErr_SetString(PyExc_ValueError, "more(count): count must be at least 1");
            return nullptr;
        }
        auto* const console = current_console();
        if (console == nullptr || !console->rest.container) {
            PyErr_SetString(PyExc_RuntimeError, "nothing was shown in part");
            return nullptr;
        }
        const auto columns = console->io->terminal_screen().value_or(screen{}).columns;
        const auto text = next_page(console->rest, static_cast<std::size_t>(columns),
                                    static_cast<std::size_t>(count));
        const auto out = ref::share(required(*console, sys_name::standard_out));
        check(PyFile_WriteObject(to_str(text + "\n").get(), out.get(), Py_PRINT_RAW));
        Py_RETURN_NONE;
    });
}

}  // namespace

std::optional<std::string> first_page(PyObject* value, std::size_t columns, pager& rest) {
    rest = {};
    if (!brackets_of(value)) {
        return std::nullopt;
    }
    const auto page = page_builder{}.build(value, 0);
    if (page.left_out > 0) {
        rest = {ref::share(value), page.items.size()};
    }
    return lay_out_page(page, columns);
}

std::string next_page(pager& rest, std::size_t columns, std::size_t size) {
    const ref container = rest.container;
    auto shape = brackets_of(container.get()).value();
    shape.begin.assign(shape.begin.size(), ' ');
    const auto all = size_of(container.get());
    const auto count =
        page_builder::shown_at_once(std::max(all, rest.shown) - rest.shown, size);
    const auto page = page_builder{}.build_items(container.get(), shape, rest.shown, count, 0);
    rest.shown += page.items.size();
    if (page.left_out == 0) {
        rest = {};
    }
    return lay_out_page(page, columns);
}

ref make_more_function() {
    static PyMethodDef definition{
        "more", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(more)),
        METH_VARARGS | METH_KEYWORDS,
        "more(count=50): shows what comes next of the container that was last shown in part."};
    return checked(PyCFunction_New(&definition, nullptr));
}

}  // namespace backdoor
