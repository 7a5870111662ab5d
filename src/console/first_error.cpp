#include "console/first_error.hpp"

#include "console/syntax_error.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace backdoor {

namespace {

// CPython refuses deeper nesting (MAXSTACK of its tokenizer is 200).
constexpr int most_brackets = 210;

/// A token that fits nowhere: stands for the end of the input, which the interactive parser sees in
/// its second pass behind the last line typed.
constexpr std::string_view misfit = "?\n";

/// The tokenizer fails on this without an error of its own, so that none can hide the parser's.
constexpr std::string_view silent_end = "\\ \n";

char opened_bracket(std::string_view message) {
    return message.size() > 3 && message[0] == '\'' && message.substr(3) == " was never closed"
               ? message[1]
               : '\0';
}

char closing(char bracket) {
    switch (bracket) {
        case '(':
            return ')';
        case '[':
            return ']';
        default:
            return '}';
    }
}

bool comes_from_tokenizer(std::string_view message) {
    static constexpr std::array<std::string_view, 15> beginnings = {
        "closing parenthesis", "unmatched",       "unterminated",        "invalid character",
        "invalid non-printable", "invalid decimal", "invalid hexa",      "invalid octal",
        "invalid binary",      "invalid imag",    "invalid digit",       "leading zeros",
        "unexpected character after", "inconsistent use", "too many nested"};
    return opened_bracket(message) != '\0' || message.starts_with("unindent does not") ||
           std::any_of(beginnings.begin(), beginnings.end(),
                       [&](std::string_view one) { return message.starts_with(one); });
}

std::string message_of(const ref& error) { return error ? syntax_text(error.get()) : std::string{}; }

std::pair<long, long> place_of(const ref& error) {
    return {syntax_number(error.get(), "lineno"), syntax_number(error.get(), "offset")};
}

/// The error of source once all brackets in it are closed.
ref error_when_closed(std::string source, const error_parser& parse) {
    source += misfit;
    ref error;
    for (int i = 0; i < most_brackets; ++i) {
        error = parse(source);
        const char bracket = opened_bracket(message_of(error));
        if (bracket == '\0') {
            break;
        }
        source += closing(bracket);
    }
    return error;
}

/// All that is before an error of the tokenizer: for one in a number from where the number begins.
std::string source_before(const ref& error, std::string_view source) {
    const auto [line_number, offset] = place_of(error);
    std::size_t begin = 0;
    for (long line = 1; line < line_number && begin < source.size(); ++line) {
        begin = std::min(source.find('\n', begin), source.size() - 1) + 1;
    }
    const auto line = source.substr(begin, source.find('\n', begin) - begin);
    auto size = byte_offset(line, std::max(offset - 1, 0L));
    const auto message = message_of(error);
    if (message.find("literal") != std::string::npos && !message.starts_with("unterminated")) {
        while (size > 0 && (std::isalnum(static_cast<unsigned char>(line[size - 1])) != 0 ||
                            line[size - 1] == '_' || line[size - 1] == '.')) {
            --size;
        }
    }
    return std::string{source.substr(0, begin + size)};
}

}  // namespace

ref first_error(const ref& error, std::string_view source, const error_parser& plain,
                const error_parser& tentative) {
    const auto message = message_of(error);
    if (!comes_from_tokenizer(message)) {
        return error;
    }
    if (opened_bracket(message) != '\0') {
        std::string whole{source};
        if (!whole.ends_with('\n')) {
            whole += '\n';
        }
        const auto lines = std::count(whole.begin(), whole.end(), '\n');
        const auto other = error_when_closed(whole, plain);
        return other && place_of(other).first <= lines ? other : error;
    }
    if (place_of(error).first < 1) {
        return error;
    }
    const auto before = source_before(error, source);
    auto other = tentative(before + std::string{silent_end});
    if (opened_bracket(message_of(other)) != '\0') {
        other = error_when_closed(before, tentative);
    }
    const auto said = message_of(other);
    const bool wins = other && said != "incomplete input" && !comes_from_tokenizer(said) &&
                      place_of(other) < place_of(error);
    return wins ? other : error;
}

}  // namespace backdoor
