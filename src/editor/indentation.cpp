#include "editor/indentation.hpp"

#include <algorithm>

namespace backdoor::editor {
namespace {

// Looks at one line: a colon in a string of several lines indents too, which does no harm.
bool ends_in_colon(std::string_view line) {
    char last = '\0';
    char quote = '\0';
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        if (quote != '\0') {
            if (c == '\\')
                ++at;
            else if (c == quote)
                quote = '\0';
            last = quote;
            continue;
        }
        if (c == '#')
            break;
        if (c == '"' || c == '\'')
            quote = c;
        if (c != ' ' && c != '\t')
            last = c;
    }
    return last == ':';
}

bool is_blank_character(char c) { return c == ' ' || c == '\t'; }

}  // namespace

bool is_blank(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_blank_character);
}

std::string indentation_after(std::string_view line) {
    const auto begin = std::find_if_not(line.begin(), line.end(), is_blank_character);
    std::string indentation(line.begin(), begin);
    if (ends_in_colon(line))
        indentation.append(indentation_width, ' ');
    return indentation;
}

std::size_t level_to_remove(std::string_view before) {
    if (before.empty() || !is_blank(before))
        return 0;
    if (before.back() == '\t')
        return 1;
    const std::size_t spaces = before.size() - (before.find_last_not_of(' ') + 1);
    const std::size_t over = before.size() % indentation_width;
    return std::min(spaces, over == 0 ? indentation_width : over);
}

std::string level_to_add(std::string_view before) {
    if (!is_blank(before))
        return {};
    return std::string(indentation_width - before.size() % indentation_width, ' ');
}

}  // namespace backdoor::editor
