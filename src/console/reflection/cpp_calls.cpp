#include "console/reflection/cpp_calls.hpp"

#include "console/border.hpp"
#include "console/reflection/cpp_assign.hpp"
#include "console/reflection/cpp_modes.hpp"
#include "console/reflection/raw_call.hpp"

#include <backdoor/value.hpp>

#include <stdexcept>

namespace backdoor {

namespace {

/// One of the functions of a name, and what it is given.
struct prepared {
    reflect::callable what;
    std::vector<reflect::in_register> arguments;
    bool returns_real;
    bool is_exact;  ///< none of the numbers changes between whole and floating point
};

prepared prepare(look& at, const reflect::callable& what, const std::optional<reflect::object>& self,
                 PyObject* arguments) {
    const bool takes_self = what.is_member && self;
    const auto count = static_cast<std::size_t>(PyTuple_GET_SIZE(arguments)) + (takes_self ? 1 : 0);
    if (count != what.parameters.size()) {
        throw std::invalid_argument{"it takes " + std::to_string(what.parameters.size() - (takes_self ? 1 : 0)) +
                                    " arguments" +
                                    (what.is_member && !self ? ", the first of which is the object" : "")};
    }
    prepared made{what, {}, false, true};
    try {
        made.returns_real = at->returns_real(what.result);
    } catch (const std::invalid_argument& failure) {
        throw std::invalid_argument{"it returns a " + at->name_of(*what.result) + ": " + failure.what()};
    }
    if (takes_self) {
        made.arguments.push_back({self->at, false});
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(arguments); ++i) {
        PyObject* const given = PyTuple_GET_ITEM(arguments, i);
        const auto* const of = what.parameters[made.arguments.size()];
        if (of == nullptr) {
            throw std::invalid_argument{"a parameter has no type in the debug information"};
        }
        try {
            const auto* const object = viewed(given);
            made.arguments.push_back(object != nullptr ? at->argument(*of, *object)
                                                       : at->argument(*of, scalar_from(at, *of, given)));
        } catch (const std::logic_error& failure) {
            throw std::invalid_argument{"argument " + std::to_string(i + 1) + " is a " + at->name_of(*of) +
                                        ": " + failure.what()};
        }
        made.is_exact = made.is_exact && (PyFloat_Check(given) != 0) == made.arguments.back().is_real;
    }
    return made;
}

/// The one of that name that takes what is given.
prepared choose(look& at, const std::vector<reflect::callable>& all,
                const std::optional<reflect::object>& self, PyObject* arguments) {
    std::vector<prepared> fitting;
    std::string why_not;
    for (const auto& one : all) {
        try {
            fitting.push_back(prepare(at, one, self, arguments));
        } catch (const std::invalid_argument& failure) {
            why_not += (why_not.empty() ? "" : "; ") + std::string{failure.what()};
        }
    }
    if (fitting.size() > 1) {
        std::erase_if(fitting, [](const auto& one) { return !one.is_exact; });
    }
    if (fitting.size() == 1) {
        return std::move(fitting.front());
    }
    throw bad_argument{all.front().name + "(): " +
                       (why_not.empty() ? "several functions of that name take that" : why_not)};
}

std::string shown_call(const prepared& one, const std::optional<reflect::object>& self,
                       PyObject* arguments) {
    char where[64] = "";
    if (self) {
        std::snprintf(where, sizeof where, " of 0x%llx", static_cast<unsigned long long>(self->at));
    }
    const auto text = checked(PyObject_ASCII(arguments));
    return "call " + one.what.name + PyUnicode_AsUTF8(text.get()) + where;
}

}  // namespace

ref call_cpp(const std::string& path, const std::optional<reflect::object>& self, PyObject* arguments) {
    if (!may_call()) {
        PyErr_SetString(PyExc_TypeError,
                        "C++ functions are not called here, outside of `with cpp.calls():`");
        throw python_error{};
    }
    auto part = self;
    const auto one = [&] {
        look at;
        return choose(at, at->callables(path, part), part, arguments);
    }();
    record_change_of(shown_call(one, part, arguments));
    const auto done = [&] {
        const gil_released calling;
        return raw_call(one.what.at, one.arguments, one.returns_real);
    }();
    if (!done.thrown.empty()) {
        PyErr_Format(PyExc_RuntimeError, "%s() threw %s", one.what.name.c_str(), done.thrown.c_str());
        throw python_error{};
    }
    look at;
    return to_python(at, at->result(one.what.result, done.bits));
}

}  // namespace backdoor
