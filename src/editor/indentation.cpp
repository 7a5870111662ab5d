#include "editor/indentation.hpp"

#include <algorithm>
#include <array>

namespace backdoor::editor {
namespace {

// The code of one line. A string of several lines is taken for code, which does no harm.
struct line_end {
    char last = '\0';  // of its characters, blanks left out; of a string, its quote
    int brackets = 0;  // more that open than that close
};

line_end find_end(std::string_view line) {
    line_end end;
    char quote = '\0';
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        if (quote != '\0') {
            if (c == '\\')
                ++at;
            else if (c == quote)
                quote = '\0';
            end.last = quote;
            continue;
        }
        if (c == '#')
            break;
        if (c == '"' || c == '\'')
            quote = c;
        if (c == '(' || c == '[' || c == '{')
            ++end.brackets;
        if (c == ')' || c == ']' || c == '}')
            --end.brackets;
        if (c != ' ' && c != '\t')
            end.last = c;
    }
    return end;
}

// Nothing behind it, on its level, would ever run.
bool leaves_its_block(std::string_view statement) {
    static constexpr std::array<std::string_view, 5> words = {"break", "continue", "pass", "raise",
                                                              "return"};
    const auto word = statement.substr(0, statement.find_first_of(" \t;(#"));
    const line_end end = find_end(statement);
    return std::find(words.begin(), words.end(), word) != words.end() && end.brackets == 0 &&
           end.last != '\\';
}

bool is_blank_character(char c) { return c == ' ' || c == '\t'; }

}  // namespace

bool is_blank(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_blank_character);
}

std::string indentation_after(std::string_view line) {
    const auto begin = std::find_if_not(line.begin(), line.end(), is_blank_character);
    std::string indentation(line.begin(), begin);
    if (find_end(line).last == ':')
        indentation.append(indentation_width, ' ');
    else if (leaves_its_block(line.substr(indentation.size())))
        indentation.resize(indentation.size() - level_to_remove(indentation));
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
