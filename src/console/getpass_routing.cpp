#include "console/getpass_routing.hpp"

#include "console/border.hpp"
#include "console/console_state.hpp"
#include "console/waiting.hpp"

#include <string>

namespace backdoor {

namespace {

int users = 0;

ref getpass_module() { return checked(PyImport_ImportModule("getpass")); }

/// What the application has, and what is put in its place.
ref& application() {
    static auto* const only = new ref;
    return *only;
}

ref& router() {
    static auto* const only = new ref;
    return *only;
}

ref read_secret(const console_state& console, PyObject* prompt) {
    check(PyFile_WriteObject(prompt, console.streams[1].get(), Py_PRINT_RAW));
    const auto io = console.io;
    std::string line;
    const auto result = read_line(*io, {read_kind::secret}, line);
    if (result == outcome::interrupted) {
        PyErr_SetNone(PyExc_KeyboardInterrupt);
        throw python_error{};
    }
    if (result != outcome::done) {
        PyErr_SetNone(PyExc_EOFError);
        throw python_error{};
    }
    if (line.ends_with('\n')) {
        line.pop_back();
    }
    return to_str(line);
}

PyObject* getpass(PyObject*, PyObject* positional, PyObject* named) {
    return at_border([&]() -> PyObject* {
        auto* const console = current_console();
        if (console == nullptr) {
            return PyObject_Call(application().get(), positional, named);
        }
        if (!console->io->has_terminal()) {
            const auto plain =
                checked(PyObject_GetAttrString(getpass_module().get(), "fallback_getpass"));
            return PyObject_Call(plain.get(), positional, named);
        }
        static const char* const names[] = {"prompt", "stream", nullptr};
        PyObject* prompt = nullptr;
        PyObject* stream = nullptr;
        if (PyArg_ParseTupleAndKeywords(positional, named, "|OO:getpass",
                                        const_cast<char**>(names), &prompt, &stream) == 0) {
            return nullptr;
        }
        const auto text = prompt != nullptr ? ref::share(prompt) : to_str("Password: ");
        return read_secret(*console, text.get()).release();
    });
}

PyMethodDef getpass_method{
    "getpass", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(getpass)),
    METH_VARARGS | METH_KEYWORDS, "Asks for a password, at the console or as the application does."};

}  // namespace

getpass_routing::getpass_routing() {
    if (users == 0) {
        const auto module = getpass_module();
        if (!router()) {
            router() = checked(PyCFunction_New(&getpass_method, nullptr));
        }
        application() = checked(PyObject_GetAttrString(module.get(), "getpass"));
        check(PyObject_SetAttrString(module.get(), "getpass", router().get()));
    }
    ++users;
}

getpass_routing::~getpass_routing() {
    if (--users > 0) {
        return;
    }
    try {
        const auto module = getpass_module();
        const auto present = checked(PyObject_GetAttrString(module.get(), "getpass"));
        if (present.get() == router().get()) {
            check(PyObject_SetAttrString(module.get(), "getpass", application().get()));
        }
    } catch (const python_error&) {
        PyErr_Clear();
    }
}

}  // namespace backdoor
