// SyntaxErrors as the interactive parser reports them.
#pragma once

#include "console/ref.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace backdoor {

/// The message of a SyntaxError; empty for another exception.
std::string syntax_text(PyObject* exception);

/// A number that a SyntaxError tells; 0 where it tells none.
long syntax_number(PyObject* exception, const char* name);

/// Where, in UTF-8, so many characters end.
std::size_t byte_offset(std::string_view text, long characters);

/// Where a parser that reads strings says this at the end of its input, one that reads lines would
/// have asked for the next line.
bool is_within_brackets_or_quotes(PyObject* exception);

/// Takes away what differs in a SyntaxError because its source came as a string: more than one line
/// may be quoted, with a newline, and what is wrong with the empty line that ends a statement is
/// said to be elsewhere. `source` is all the lines. Errors are ignored.
void tidy_syntax_error(PyObject* exception, std::string_view source);

bool is_utf8(std::string_view text);

/// Whether `line` is UTF-8. Where not sets the SyntaxError of a line that is not, which comes after
/// the lines in `before`.
bool require_utf8(std::string_view line, std::string_view before);

}  // namespace backdoor
