// Which of several errors in a statement the interactive parser would report.
#pragma once

#include "console/ref.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace backdoor {

/// Parses source, and returns the SyntaxError, or nothing where it is right.
using error_parser = std::function<ref(const std::string& source)>;

/// CPython's parser for strings looks at all that is behind an error, and lets what its tokenizer
/// finds there win ("'{' was never closed" where a comma is missing); the interactive one does not
/// look. Returns what it would say of `source`, given the SyntaxError of the parser for strings.
/// `tentative` takes source that stops too early for incomplete, `plain` is as the error was found.
/// Throws python_error.
ref first_error(const ref& error, std::string_view source, const error_parser& plain,
                const error_parser& tentative);

}  // namespace backdoor
