#include "console/syntax_error.hpp"

#include "console/border.hpp"

#include <algorithm>
#include <cstdlib>

namespace backdoor {

namespace {

std::string_view without_newline(std::string_view text) {
    return text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
}

std::string_view last_line(std::string_view source) {
    const auto text = without_newline(source);
    const auto before = text.rfind('\n');
    return before == std::string_view::npos ? text : text.substr(before + 1);
}

long count_lines(std::string_view source) {
    return std::count(source.begin(), source.end(), '\n');
}

void set(PyObject* object, const char* name, const ref& value) {
    check(PyObject_SetAttrString(object, name, value.get()));
}

/// The exception's arguments tell the same as its attributes.
void rebuild_arguments(PyObject* exception) {
    const auto arguments = checked(PyObject_GetAttrString(exception, "args"));
    if (!PyTuple_Check(arguments.get()) || PyTuple_GET_SIZE(arguments.get()) != 2) {
        return;
    }
    auto details = checked(PyTuple_New(6));
    Py_ssize_t i = 0;
    for (const char* name :
         {"filename", "lineno", "offset", "text", "end_lineno", "end_offset"}) {
        PyTuple_SET_ITEM(details.get(), i++,
                         checked(PyObject_GetAttrString(exception, name)).release());
    }
    set(exception, "args",
        checked(PyTuple_Pack(2, PyTuple_GET_ITEM(arguments.get(), 0), details.get())));
}

std::string_view nth_line(std::string_view source, long number) {
    std::size_t begin = 0;
    for (long line = 1; line < number; ++line) {
        const auto end = source.find('\n', begin);
        if (end == std::string_view::npos) {
            return {};
        }
        begin = end + 1;
    }
    return source.substr(begin, source.find('\n', begin) - begin);
}

std::string_view last_line_that_tries(std::string_view source) {
    std::string_view found;
    for (long number = 1; number <= count_lines(source); ++number) {
        const auto line = nth_line(source, number);
        const auto begin = line.find_first_not_of(" \t\f");
        if (begin != std::string_view::npos && line.substr(begin).starts_with("try")) {
            found = line;
        }
    }
    return found;
}

/// The statement whose body an empty line ended too early stands itself in a body.
bool is_nested(std::string_view message, std::string_view source) {
    if (message == "unexpected unindent") {
        return true;
    }
    std::string_view line;
    constexpr std::string_view marker = " on line ";
    if (const auto place = message.rfind(marker); place != std::string_view::npos) {
        line = nth_line(source, std::atol(message.data() + place + marker.size()));
    } else if (message.starts_with("expected 'except'")) {
        line = last_line_that_tries(source);
    }
    return !line.empty() && std::string_view{" \t\f"}.find(line[0]) != std::string_view::npos;
}

/// A place in what was quoted as one in the line.
long convert(long offset, std::string_view quoted, std::string_view line) {
    if (offset <= 0) {
        return offset;
    }
    const auto bytes = byte_offset(quoted, offset);
    const auto text = line.substr(0, bytes);
    const auto characters = static_cast<long>(std::count_if(
        text.begin(), text.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
    return bytes > line.size() ? characters + 1 : characters;
}

void tidy(PyObject* exception, std::string_view source) {
    const auto text = checked(PyObject_GetAttrString(exception, "text"));
    const auto line_number = syntax_number(exception, "lineno");
    if (!PyUnicode_Check(text.get()) || line_number < 1) {
        return;
    }
    Py_ssize_t size = 0;
    const char* const utf8 = PyUnicode_AsUTF8AndSize(text.get(), &size);
    if (utf8 == nullptr) {
        throw python_error{};
    }
    const auto message = syntax_text(exception);
    const std::string_view given{utf8, static_cast<std::size_t>(size)};
    const auto quoted = without_newline(given);
    const auto line = nth_line(source, line_number);
    auto offset = syntax_number(exception, "offset");
    auto end_offset = syntax_number(exception, "end_offset");
    const bool is_other_source = message.starts_with("f-string") && quoted.starts_with('(');
    if (quoted != line && !is_other_source) {
        offset = convert(offset, quoted, line);
        end_offset = convert(end_offset, quoted, line);
    }
    if (message == "unexpected EOF while parsing") {
        offset = 0;
    }
    if (given == "\n" && line_number == count_lines(source)) {
        const bool nested = is_nested(message, source);
        offset = nested ? 0 : 1;
        end_offset = nested ? -1 : 1;
    }
    set(exception, "text", to_str(is_other_source ? quoted : line));
    set(exception, "offset", checked(PyLong_FromLong(offset)));
    set(exception, "end_offset", checked(PyLong_FromLong(end_offset)));
    rebuild_arguments(exception);
}

/// Sets the exception where it is no UTF-8.
bool decode(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return (c & '\x80') != 0; }) ||
           ref::take(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()),
                                          nullptr));
}

}  // namespace

std::string syntax_text(PyObject* exception) {
    if (exception == nullptr || PyErr_GivenExceptionMatches(exception, PyExc_SyntaxError) == 0) {
        return {};
    }
    const auto message = ref::take(PyObject_GetAttrString(exception, "msg"));
    const char* const text = message && PyUnicode_Check(message.get()) != 0
                                 ? PyUnicode_AsUTF8(message.get())
                                 : nullptr;
    if (text == nullptr) {
        PyErr_Clear();
        return {};
    }
    return text;
}

long syntax_number(PyObject* exception, const char* name) {
    const auto value = ref::take(PyObject_GetAttrString(exception, name));
    const long number = value && PyLong_Check(value.get()) != 0 ? PyLong_AsLong(value.get()) : 0;
    PyErr_Clear();
    return number;
}

std::size_t byte_offset(std::string_view text, long characters) {
    std::size_t offset = 0;
    while (offset < text.size() && characters-- > 0) {
        ++offset;
        while (offset < text.size() && (text[offset] & '\xC0') == '\x80') {
            ++offset;
        }
    }
    // Places behind the end stay behind it.
    return characters > 0 ? offset + static_cast<std::size_t>(characters) : offset;
}

bool is_within_brackets_or_quotes(PyObject* exception) {
    const auto said = syntax_text(exception);
    return said.find("was never closed") != std::string::npos ||
           said.starts_with("unterminated triple-quoted") || said.starts_with("unexpected EOF") ||
           said.starts_with("EOF while scanning triple-quoted");
}

void tidy_syntax_error(PyObject* exception, std::string_view source) {
    try {
        tidy(exception, source);
    } catch (const python_error&) {
        PyErr_Clear();
    }
}

bool is_utf8(std::string_view text) {
    const bool result = decode(text);
    PyErr_Clear();
    return result;
}

bool require_utf8(std::string_view line, std::string_view before) {
    if (decode(line)) {
        return true;
    }
    auto cause = ref::take(compat::take_exception());
    if (before.ends_with("\\\n")) {
        // In a continued line the tokenizer reports it as it is.
        compat::set_exception(cause.release());
        return false;
    }
    const auto reason = ref::take(PyObject_Str(cause.get()));
    const auto text = ref::take(PyUnicode_FromFormat("(unicode error) %S", reason.get()));
    // Where the last good line ends.
    const auto quoted = to_str(last_line(before));
    const long line_number = count_lines(before);
    const Py_ssize_t offset = before.empty() ? 0 : PyUnicode_GET_LENGTH(quoted.get()) + 1;
    const auto details =
        ref::take(Py_BuildValue("(O(slnOli))", text.get(), "<stdin>", line_number, offset,
                                quoted.get(), line_number, -1));
    if (details) {
        PyErr_SetObject(PyExc_SyntaxError, details.get());
    }
    return false;
}

}  // namespace backdoor
