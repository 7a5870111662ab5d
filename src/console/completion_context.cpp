#include "console/completion_context.hpp"

#include "console/completion_openings.hpp"

#include <algorithm>
#include <optional>

namespace backdoor {

namespace {

constexpr std::string_view blanks = " \t";

bool is_name_character(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

using step = completion_context::step;
using expression = completion_context::expression;

/// Splits off the name that `text` ends with; it may be empty.
std::string take_name(std::string_view& text) {
    std::size_t begin = text.size();
    while (begin > 0 && is_name_character(text[begin - 1])) {
        --begin;
    }
    std::string name{text.substr(begin)};
    text = text.substr(0, begin);
    return name;
}

bool is_number(std::string_view text) {
    text.remove_prefix(text.starts_with('-') ? 1 : 0);
    constexpr std::size_t most_digits = 9;
    return !text.empty() && text.size() <= most_digits &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The same of "['key']" or "[3]". A string that has more to it than its characters is none.
std::optional<step> take_subscript(std::string_view& text) {
    const auto inner_end = text.size() - 1;
    const char quote = inner_end > 0 ? text[inner_end - 1] : '\0';
    const bool quoted = quote == '\'' || quote == '"';
    const auto content_end = quoted ? inner_end - 1 : inner_end;
    const auto opening = quoted ? std::string{'[', quote} : std::string{"["};
    const auto begin = text.substr(0, content_end).rfind(opening);
    if (begin == std::string_view::npos) {
        return std::nullopt;
    }
    const auto content = text.substr(begin + opening.size(), content_end - begin - opening.size());
    if (quoted ? content.find_first_of("\\\n'\"") != std::string_view::npos : !is_number(content)) {
        return std::nullopt;
    }
    text = text.substr(0, begin);
    return step{quoted ? step::kind::key : step::kind::number, std::string{content}};
}

/// The same of "a.b['c'].d", as far as it can be followed without running anything. Empty where
/// there is more to it.
expression take_expression(std::string_view& text) {
    expression steps;
    for (;;) {
        while (text.ends_with(']')) {
            auto subscript = take_subscript(text);
            if (!subscript) {
                return {};
            }
            steps.push_back(std::move(*subscript));
        }
        auto name = take_name(text);
        if (name.empty() || (name[0] >= '0' && name[0] <= '9')) {
            return {};
        }
        steps.push_back({step::kind::name, std::move(name)});
        if (!text.ends_with('.')) {
            break;
        }
        text.remove_suffix(1);
    }
    std::reverse(steps.begin(), steps.end());
    return steps;
}

/// "a.b" of names; nothing where there is more to it.
std::string package_of(const expression& steps) {
    std::string package;
    for (const auto& one : steps) {
        if (one.what != step::kind::name) {
            return {};
        }
        package += (package.empty() ? "" : ".") + one.text;
    }
    return package;
}

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    while ((line = line.substr(std::min(line.find_first_not_of(blanks), line.size()))) != "") {
        words.emplace_back(line.substr(0, line.find_first_of(blanks)));
        line.remove_prefix(words.back().size());
    }
    return words;
}

completion_context in_string(std::string_view text, const openings::string& open) {
    using kind = completion_context::kind;
    if (open.has_code) {
        if (const auto code = code_in(text.substr(open.begin))) {
            return completion_context_of(*code);
        }
    }
    if (open.quote.size() != 1 || open.quote == "#") {
        return {};
    }
    completion_context typed{kind::file, std::string{text.substr(open.begin)}};
    auto before = text.substr(0, open.begin - 1);
    if (before.ends_with('[')) {
        before.remove_suffix(1);
        typed.object = take_expression(before);
        typed.what = typed.object.empty() ? kind::nothing : kind::key;
        typed.quote = open.quote[0];
    }
    return typed;
}

/// What is called, where an argument begins behind `before`.
expression callee_of(std::string_view before, const std::vector<std::size_t>& brackets) {
    const auto last = before.find_last_not_of(" \t\n");
    if (brackets.empty() || before[brackets.back()] != '(' || last == std::string_view::npos ||
        (before[last] != '(' && before[last] != ',')) {
        return {};
    }
    auto called = before.substr(0, brackets.back());
    return take_expression(called);
}

}  // namespace

completion_context completion_context_of(std::string_view text) {
    using kind = completion_context::kind;
    const auto open = find_openings(text);
    if (open.inside) {
        return in_string(text, *open.inside);
    }
    auto before = text;
    completion_context typed{kind::name, take_name(before)};
    if (before.ends_with('.')) {
        before.remove_suffix(1);
        typed.what = kind::attribute;
        if (before.ends_with('\'') || before.ends_with('"')) {
            typed.object = {
                {open.last_closed->has_bytes ? step::kind::bytes : step::kind::string, {}}};
            return typed;
        }
        typed.object = take_expression(before);
        if (typed.object.empty()) {
            return {};
        }
    }
    // What is imported may stand in brackets, on several lines.
    const auto first_bracket = open.brackets.empty() ? before.size() : open.brackets.front();
    const auto line = before.substr(before.substr(0, first_bracket).find_last_of("\n;") + 1);
    const auto words = words_of(line);
    if (words.size() >= 3 && words[0] == "from" && words[2].starts_with("import")) {
        typed.what = kind::member;
        typed.package = words[1];
    } else if (!words.empty() &&
               (words[0] == "import" || (words[0] == "from" && words.size() == 1))) {
        typed.what = kind::module;
        typed.package = package_of(typed.object);
    } else if (typed.what == kind::name) {
        if (before.ends_with(')') || before.ends_with(']')) {
            return {};
        }
        typed.callee = callee_of(before, open.brackets);
        if (before.ends_with('[')) {
            before.remove_suffix(1);
            typed.object = take_expression(before);
        }
    }
    return typed;
}

}  // namespace backdoor
