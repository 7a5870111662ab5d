#include "editor/brackets.hpp"

namespace backdoor::editor {
namespace {

constexpr std::string_view brackets = "()[]{}";

bool is_bracket(std::string_view text, std::size_t at) {
    return at < text.size() && brackets.find(text[at]) != std::string_view::npos;
}

bool is_opening(char c) { return c == '(' || c == '[' || c == '{'; }

bool belong(char opening, char closing) {
    return brackets.find(opening) + 1 == brackets.find(closing);
}

}  // namespace

std::vector<std::size_t> matched_brackets(std::string_view text, std::size_t cursor,
                                          const std::vector<span>& spans) {
    std::size_t wanted = cursor;
    if (cursor > 0 && is_bracket(text, cursor - 1))
        wanted = cursor - 1;
    if (!is_bracket(text, wanted))
        return {};

    std::vector<std::size_t> open;
    auto next = spans.begin();
    for (std::size_t at = 0; at < text.size(); ++at) {
        while (next != spans.end() && next->end <= at)
            ++next;
        if (next != spans.end() && next->begin <= at &&
            (next->kind == token::string || next->kind == token::comment)) {
            at = next->end - 1;
            continue;
        }
        if (!is_bracket(text, at))
            continue;
        if (is_opening(text[at])) {
            open.push_back(at);
        } else if (!open.empty() && belong(text[open.back()], text[at])) {
            if (open.back() == wanted || at == wanted)
                return {open.back(), at};
            open.pop_back();
        }
    }
    return {};
}

}  // namespace backdoor::editor
