#include "console/console_stream.hpp"

#include "console/asyncio_loops.hpp"
#include "console/border.hpp"
#include "console/console_state.hpp"
#include "console/waiting.hpp"

#include <structmember.h>

#include <algorithm>
#include <memory>
#include <string>

namespace backdoor {

namespace {

struct raw_stream {
    std::shared_ptr<channel> io;
    std::string unread;  // of the last line, where the reader took only a part
    bool is_input;
    bool is_stderr;
};

constexpr const char* capsule_name = "backdoor.raw_stream";

/// Where an instance keeps its capsule with the raw_stream, behind what io.RawIOBase has of its own.
/// Python clears that place by itself at the end; RawIOBase's own way to be destroyed leaves no room
/// for another.
Py_ssize_t base_size = 0;

PyObject*& capsule_of(PyObject* self) {
    return *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(self) + base_size);
}

raw_stream& of(PyObject* self) {
    PyObject* const capsule = capsule_of(self);
    void* const content =
        capsule != nullptr ? PyCapsule_GetPointer(capsule, capsule_name) : nullptr;
    if (content == nullptr) {
        PyErr_SetString(PyExc_ValueError, "this stream has no channel any more");
        throw python_error{};
    }
    return *static_cast<raw_stream*>(content);
}

void destroy(PyObject* capsule) {
    delete static_cast<raw_stream*>(PyCapsule_GetPointer(capsule, capsule_name));
}

ref make_capsule(std::unique_ptr<raw_stream> content) {
    auto capsule = checked(PyCapsule_New(content.get(), capsule_name, destroy));
    (void)content.release();
    return capsule;
}

class buffer_view {
public:
    buffer_view(PyObject* object, int flags) { check(PyObject_GetBuffer(object, &view_, flags)); }
    buffer_view(const buffer_view&) = delete;
    buffer_view& operator=(const buffer_view&) = delete;
    ~buffer_view() { PyBuffer_Release(&view_); }

    char* data() const { return static_cast<char*>(view_.buf); }
    std::size_t size() const { return static_cast<std::size_t>(view_.len); }

private:
    Py_buffer view_{};
};

[[noreturn]] void throw_interrupt() {
    PyErr_SetNone(PyExc_KeyboardInterrupt);
    throw python_error{};
}

/// A host's asyncio loop runs on the calling thread, which is no console's: it must not be held up.
bool on_hosts_loop() { return !on_console_thread() && running_loop(); }

outcome write_without_waiting(channel& io, std::string_view text) {
    constexpr std::size_t piece = 8 * 1024;
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
        if (!io.try_write(text.substr(0, piece))) {
            if (io.is_closed()) {
                return outcome::closed;
            }
            PyErr_SetString(PyExc_BlockingIOError,
                            "this console's client takes no more output now, and the host's loop "
                            "does not wait for it");
            throw python_error{};
        }
    }
    return outcome::done;
}

PyObject* read_into(PyObject* self, PyObject* target) {
    return at_border([&] {
        auto& stream = of(self);
        const buffer_view buffer{target, PyBUF_WRITABLE};
        if (stream.unread.empty() && stream.is_input) {
            if (on_hosts_loop()) {
                PyErr_SetString(PyExc_RuntimeError,
                                "the host's loop does not wait for input; read it in a statement "
                                "without await");
                throw python_error{};
            }
            const auto result = read_line(*stream.io, {read_kind::line}, stream.unread);
            if (result == outcome::interrupted) {
                stream.unread.clear();
                throw_interrupt();
            }
        }
        const auto count = std::min(buffer.size(), stream.unread.size());
        stream.unread.copy(buffer.data(), count);
        stream.unread.erase(0, count);
        return PyLong_FromSize_t(count);
    });
}

PyObject* write(PyObject* self, PyObject* source) {
    return at_border([&] {
        auto& stream = of(self);
        const buffer_view buffer{source, PyBUF_SIMPLE};
        const std::string_view text{buffer.data(), buffer.size()};
        const auto to = stream.is_stderr ? sink::error : sink::output;
        const auto result = stream.io->try_write(text, to) ? outcome::done
                            : on_hosts_loop() ? write_without_waiting(*stream.io, text)
                                              : backdoor::write(*stream.io, text, to);
        if (result == outcome::interrupted) {
            throw_interrupt();
        }
        if (result == outcome::closed && !stream.is_stderr) {
            // Errors about errors would end up on the host's standard error.
            PyErr_SetString(PyExc_BrokenPipeError, "this console's client is gone");
            throw python_error{};
        }
        return PyLong_FromSize_t(text.size());
    });
}

PyObject* readable(PyObject* self, PyObject*) {
    return at_border([&] { return PyBool_FromLong(of(self).is_input); });
}

PyObject* writable(PyObject* self, PyObject*) {
    return at_border([&] { return PyBool_FromLong(!of(self).is_input); });
}

PyTypeObject* stream_type() {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        // Not io.RawIOBase itself: from 3.14 on its metaclass allows no classes made in C.
        const auto native = checked(PyImport_ImportModule("_io"));
        const auto base = checked(PyObject_GetAttrString(native.get(), "_RawIOBase"));
        base_size = reinterpret_cast<PyTypeObject*>(base.get())->tp_basicsize;
        static PyMethodDef methods[] = {
            {"readinto", read_into, METH_O, nullptr},
            {"write", write, METH_O, nullptr},
            {"readable", readable, METH_NOARGS, nullptr},
            {"writable", writable, METH_NOARGS, nullptr},
            {nullptr, nullptr, 0, nullptr},
        };
        static PyMemberDef members[] = {
            {"_channel", T_OBJECT_EX, base_size, 0, nullptr},
            {nullptr, 0, 0, 0, nullptr},
        };
        static PyType_Slot slots[] = {
            {Py_tp_methods, methods},
            {Py_tp_members, members},
            {0, nullptr},
        };
        static PyType_Spec spec{"backdoor.console_stream",
                                static_cast<int>(base_size + Py_ssize_t{sizeof(PyObject*)}), 0,
                                Py_TPFLAGS_DEFAULT, slots};
        type = reinterpret_cast<PyTypeObject*>(
            checked(PyType_FromSpecWithBases(&spec, base.get())).release());
        const auto io = checked(PyImport_ImportModule("io"));
        const auto abstract = checked(PyObject_GetAttrString(io.get(), "RawIOBase"));
        checked(PyObject_CallMethod(abstract.get(), "register", "O", type));
    }
    return type;
}

enum class direction { in, out, err };

ref make_raw(std::shared_ptr<channel> io, direction which, const char* name) {
    auto self = checked(PyType_GenericAlloc(stream_type(), 0));
    capsule_of(self.get()) =
        make_capsule(std::make_unique<raw_stream>(raw_stream{
            std::move(io), {}, which == direction::in, which == direction::err}))
            .release();
    check(PyObject_SetAttrString(self.get(), "name", to_str(name).get()));
    check(PyObject_SetAttrString(self.get(), "mode",
                                 to_str(which == direction::in ? "rb" : "wb").get()));
    return self;
}

ref make_text(const ref& binary, const char* errors, const char* newline, const char* mode) {
    const auto io = checked(PyImport_ImportModule("io"));
    const auto text_type = checked(PyObject_GetAttrString(io.get(), "TextIOWrapper"));
    // buffer, encoding, errors, newline, line_buffering, write_through
    auto text = checked(PyObject_CallFunction(text_type.get(), "OsszOO", binary.get(), "utf-8",
                                              errors, newline, Py_False, Py_True));
    check(PyObject_SetAttrString(text.get(), "mode", to_str(mode).get()));
    return text;
}

}  // namespace

ref make_input_stream(std::shared_ptr<channel> io) {
    const auto raw = make_raw(std::move(io), direction::in, "<stdin>");
    const auto module = checked(PyImport_ImportModule("io"));
    // Lines are handed over whole; a small buffer, since every console has one.
    const auto buffered =
        checked(PyObject_CallMethod(module.get(), "BufferedReader", "Oi", raw.get(), 512));
    return make_text(buffered, "surrogateescape", nullptr, "r");
}

ref make_output_stream(std::shared_ptr<channel> io, bool is_stderr) {
    const auto raw = is_stderr ? make_raw(std::move(io), direction::err, "<stderr>")
                               : make_raw(std::move(io), direction::out, "<stdout>");
    return make_text(raw, is_stderr ? "backslashreplace" : "surrogateescape", "\n", "w");
}

}  // namespace backdoor
