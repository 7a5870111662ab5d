#include "console/completion_context.hpp"

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

/// The string or comment that the cursor is in.
struct open_string {
    std::size_t begin;  ///< of its content
    std::string_view quote;
};

/// `brackets` gets the places of those that are open, outside of strings.
std::optional<open_string> find_open_string(std::string_view text,
                                            std::vector<std::size_t>& brackets) {
    std::optional<open_string> open;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (open) {
            if (c == '\\') {
                ++at;
            } else if (open->quote != "#" && text.substr(at).starts_with(open->quote)) {
                at += open->quote.size() - 1;
                open.reset();
            } else if (c == '\n' && open->quote.size() == 1) {
                open.reset();
            }
        } else if (c == '#') {
            open = {at + 1, text.substr(at, 1)};
        } else if (c == '\'' || c == '"') {
            const bool triple = text.size() >= at + 3 && text[at + 1] == c && text[at + 2] == c;
            open = {at + (triple ? 3 : 1), text.substr(at, triple ? 3 : 1)};
            at = open->begin - 1;
        } else if (c == '(' || c == '[' || c == '{') {
            brackets.push_back(at);
        } else if ((c == ')' || c == ']' || c == '}') && !brackets.empty()) {
            brackets.pop_back();
        }
    }
    return open;
}

/// Splits off the names and dots that `text` ends with; the last may be empty.
std::vector<std::string> take_dotted_names(std::string_view& text) {
    std::vector<std::string> names;
    for (;;) {
        std::size_t begin = text.size();
        while (begin > 0 && is_name_character(text[begin - 1])) {
            --begin;
        }
        names.emplace_back(text.substr(begin));
        text = text.substr(0, begin);
        if (!text.ends_with('.')) {
            break;
        }
        text.remove_suffix(1);
    }
    std::reverse(names.begin(), names.end());
    return names;
}

bool is_path(const std::vector<std::string>& names) {
    return !names.empty() && std::none_of(names.begin(), names.end(), [](const auto& name) {
        return name.empty() || (name[0] >= '0' && name[0] <= '9');
    });
}

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    while ((line = line.substr(std::min(line.find_first_not_of(blanks), line.size()))) != "") {
        words.emplace_back(line.substr(0, line.find_first_of(blanks)));
        line.remove_prefix(words.back().size());
    }
    return words;
}

completion_context in_string(std::string_view text, const open_string& open) {
    using kind = completion_context::kind;
    if (open.quote.size() != 1 || open.quote == "#") {
        return {};
    }
    std::string begun{text.substr(open.begin)};
    auto before = text.substr(0, open.begin - 1);
    if (!before.ends_with('[')) {
        return {kind::file, {}, std::move(begun), 0, {}};
    }
    before.remove_suffix(1);
    auto path = take_dotted_names(before);
    return {is_path(path) ? kind::key : kind::nothing, std::move(path), std::move(begun),
            open.quote[0], {}};
}

/// What is called, where an argument begins behind `before`.
std::vector<std::string> callee_of(std::string_view before, const std::vector<std::size_t>& brackets) {
    const auto last = before.find_last_not_of(" \t\n");
    if (brackets.empty() || before[brackets.back()] != '(' || last == std::string_view::npos ||
        (before[last] != '(' && before[last] != ',')) {
        return {};
    }
    auto name = before.substr(0, brackets.back());
    auto path = take_dotted_names(name);
    return is_path(path) ? path : std::vector<std::string>{};
}

}  // namespace

completion_context completion_context_of(std::string_view text) {
    using kind = completion_context::kind;
    std::vector<std::size_t> brackets;
    if (const auto open = find_open_string(text, brackets)) {
        return in_string(text, *open);
    }
    auto before = text;
    auto path = take_dotted_names(before);
    completion_context typed{kind::name, {}, std::move(path.back()), 0, {}};
    path.pop_back();
    typed.path = std::move(path);
    if (!typed.path.empty() && !is_path(typed.path)) {
        return {};
    }
    const auto line = before.substr(before.find_last_of("\n;") + 1);
    const auto words = words_of(line);
    if (!words.empty() && words[0] == "from" && words.size() >= 3 && words[2] == "import") {
        auto package = std::string_view{words[1]};
        return {kind::member, take_dotted_names(package), std::move(typed.begun), 0, {}};
    }
    if (!words.empty() && (words[0] == "import" || (words[0] == "from" && words.size() == 1))) {
        typed.what = kind::module;
    } else if (!typed.path.empty()) {
        typed.what = kind::attribute;
    } else if (before.ends_with('.') || before.ends_with(')') || before.ends_with(']')) {
        typed.what = kind::nothing;
    } else {
        typed.callee = callee_of(before, brackets);
    }
    return typed;
}

}  // namespace backdoor
