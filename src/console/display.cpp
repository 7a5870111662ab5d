#include "console/display.hpp"

#include "console/border.hpp"
#include "console/pretty.hpp"
#include "console/sys_routing.hpp"
#include "console/traceback_colours.hpp"
#include "session/channel.hpp"

namespace backdoor {

namespace {

/// Of the console whose code calls, if it is not over meanwhile: code that was left behind may be
/// on its way through here for long.
void set_underscore(PyObject* value) {
    if (auto* const console = current_console()) {
        const auto builtins = console->builtins.module();
        check(PyDict_SetItemString(PyModule_GetDict(builtins.get()), "_", value));
    }
}

/// The stream's encoding cannot take the text: escapes what it cannot.
void write_escaped(PyObject* stream, PyObject* value) {
    const auto text = checked(PyObject_Repr(value));
    const auto encoding = checked(PyObject_GetAttrString(stream, "encoding"));
    const char* const name = PyUnicode_AsUTF8(encoding.get());
    if (name == nullptr) {
        throw python_error{};
    }
    const auto escaped = checked(PyUnicode_AsEncodedString(text.get(), name, "backslashreplace"));
    const auto shown = checked(PyUnicode_FromEncodedObject(escaped.get(), name, "strict"));
    check(PyFile_WriteObject(shown.get(), stream, Py_PRINT_RAW));
}

/// On a terminal, containers are laid out. Other streams that the code has put there get what they
/// always do.
bool write_page(const std::shared_ptr<channel>& io, PyObject* stream, PyObject* value) {
    decltype(console_state::rest) rest;
    const auto terminal = io->terminal_screen();
    if (!terminal || !sys_routing::is_original(stream, sys_name::standard_out)) {
        return false;
    }
    const auto page = first_page(value, static_cast<std::size_t>(terminal->columns), rest);
    if (auto* const console = current_console()) {
        console->rest = std::move(rest);
    }
    if (page) {
        check(PyFile_WriteObject(to_str(*page).get(), stream, Py_PRINT_RAW));
    }
    return page.has_value();
}

/// Writes to the console's sys.stderr, as far as that can be written to.
void complain(const char* text) {
    PySys_WriteStderr("%s", text);
    PyErr_Clear();
}

void show_by_default(PyObject* exception) {
    PyErr_Display(reinterpret_cast<PyObject*>(Py_TYPE(exception)), exception,
                  ref::take(PyException_GetTraceback(exception)).get());
    PyErr_Clear();
}

/// As the traceback module has it, which knows the lines that were typed.
void show_with_source(console_state& console, PyObject* exception, PyObject* traceback) {
    const auto module = checked(PyImport_ImportModule("traceback"));
    const auto lines = checked(PyObject_CallMethod(
        module.get(), "format_exception", "OOO", reinterpret_cast<PyObject*>(Py_TYPE(exception)),
        exception, traceback));
    auto text = checked(PyUnicode_Join(to_str("").get(), lines.get()));
    const auto terminal = console.io->terminal_screen();
    if (terminal && terminal->colour) {
        const auto bytes =
            checked(PyUnicode_AsEncodedString(text.get(), "utf-8", "backslashreplace"));
        text = to_str(in_colours(PyBytes_AsString(bytes.get())));
    }
    const auto err = ref::share(required(console, sys_name::standard_err));
    if (err.get() != Py_None) {
        check(PyFile_WriteObject(text.get(), err.get(), Py_PRINT_RAW));
    }
}

/// False where the console's hook is to show it: it has one of its own, or plain Python's will do.
bool show_with_source(console_state& console, const ref& hook, const ref& exception,
                      const ref& traceback) {
    if (hook.get() != PySys_GetObject("__excepthook__") || !console.shows_source()) {
        return false;
    }
    try {
        show_with_source(console, exception.get(), traceback ? traceback.get() : Py_None);
        return true;
    } catch (const python_error&) {
        PyErr_Clear();
        return false;
    }
}

/// As CPython's own treatment of SystemExit, but for the end of the process.
void show_exit(console_state& console, PyObject* exception) {
    auto code = ref::take(PyObject_GetAttrString(exception, "code"));
    if (!code) {
        PyErr_Clear();
        code = ref::share(exception);
    }
    if (code.get() == Py_None) {
        return;
    }
    if (PyLong_Check(code.get())) {
        console.exit_status = static_cast<int>(PyLong_AsLong(code.get()));
        PyErr_Clear();
        return;
    }
    console.exit_status = 1;
    // The last words go to the client also where the code has taken sys.stderr away.
    const auto& own = console[sys_name::standard_err];
    const bool lost = !own || own.get() == Py_None;
    PyObject* const stream = lost ? console.streams[2].get() : PySys_GetObject("stderr");
    if (PyFile_WriteObject(code.get(), stream, Py_PRINT_RAW) < 0 ||
        PyFile_WriteString("\n", stream) < 0) {
        PyErr_Clear();
    }
}

void remember(console_state& console, const ref& exception) {
    console[sys_name::last_type] =
        ref::share(reinterpret_cast<PyObject*>(Py_TYPE(exception.get())));
    console[sys_name::last_value] = exception;
    auto traceback = ref::take(PyException_GetTraceback(exception.get()));
    console[sys_name::last_traceback] = traceback ? traceback : ref::share(Py_None);
    if constexpr (compat::has_last_exc) {
        console[sys_name::last_exc] = exception;
    }
}

}  // namespace

void display(PyObject* value) {
    if (value == Py_None) {
        return;
    }
    // Printing may itself use `_`, and must not see the value before.
    set_underscore(Py_None);
    auto* const console = current_console();
    if (console == nullptr) {
        return;
    }
    const auto io = console->io;
    console->rest = {};
    const auto out = ref::share(required(*console, sys_name::standard_out));
    if (out.get() == Py_None) {
        PyErr_SetString(PyExc_RuntimeError, "lost sys.stdout");
        throw python_error{};
    }
    if (!write_page(io, out.get(), value) && PyFile_WriteObject(value, out.get(), 0) < 0) {
        if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError) == 0) {
            throw python_error{};
        }
        PyErr_Clear();
        write_escaped(out.get(), value);
    }
    check(PyFile_WriteString("\n", out.get()));
    set_underscore(value);
}

bool show_exception(console_state& console) {
    const auto exception = ref::take(compat::take_exception());
    if (!exception) {
        return true;
    }
    if (PyErr_GivenExceptionMatches(exception.get(), PyExc_SystemExit) != 0) {
        show_exit(console, exception.get());
        return false;
    }
    remember(console, exception);
    const ref hook = console[sys_name::excepthook];
    if (!hook) {
        complain("sys.excepthook is missing\n");
        show_by_default(exception.get());
        return true;
    }
    const auto traceback = ref::take(PyException_GetTraceback(exception.get()));
    if (show_with_source(console, hook, exception, traceback)) {
        return true;
    }
    const auto result = ref::take(PyObject_CallFunctionObjArgs(
        hook.get(), reinterpret_cast<PyObject*>(Py_TYPE(exception.get())), exception.get(),
        traceback ? traceback.get() : Py_None, nullptr));
    if (result) {
        return true;
    }
    const auto second = ref::take(compat::take_exception());
    if (PyErr_GivenExceptionMatches(second.get(), PyExc_SystemExit) != 0) {
        show_exit(console, second.get());
        return false;
    }
    complain("Error in sys.excepthook:\n");
    show_by_default(second.get());
    complain("\nOriginal exception was:\n");
    show_by_default(exception.get());
    return true;
}

}  // namespace backdoor
