#include "console/completion_openings.hpp"

namespace backdoor {

namespace {

/// Whether a string that begins at `quote` has that letter before it.
bool has_prefix(std::string_view text, std::size_t quote, char letter) {
    for (auto at = quote; at > 0 && quote - at < 2; --at) {
        const char c = static_cast<char>(text[at - 1] | 0x20);  // in lower case
        if (std::string_view{"rbuf"}.find(c) == std::string_view::npos) {
            return false;
        }
        if (c == letter) {
            return true;
        }
    }
    return false;
}

}  // namespace

openings find_openings(std::string_view text) {
    openings found;
    auto& open = found.inside;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (open) {
            if (c == '\\') {
                ++at;
            } else if (open->quote != "#" && text.substr(at).starts_with(open->quote)) {
                at += open->quote.size() - 1;
                found.last_closed = open;
                open.reset();
            } else if (c == '\n' && open->quote.size() == 1) {
                open.reset();
            }
        } else if (c == '#') {
            open = {at + 1, text.substr(at, 1), false, false};
        } else if (c == '\'' || c == '"') {
            const bool triple = text.size() >= at + 3 && text[at + 1] == c && text[at + 2] == c;
            open = {at + (triple ? 3 : 1), text.substr(at, triple ? 3 : 1),
                    has_prefix(text, at, 'f'), has_prefix(text, at, 'b')};
            at = open->begin - 1;
        } else if (c == '(' || c == '[' || c == '{') {
            found.brackets.push_back(at);
        } else if ((c == ')' || c == ']' || c == '}') && !found.brackets.empty()) {
            found.brackets.pop_back();
        }
    }
    return found;
}

std::optional<std::string_view> code_in(std::string_view content) {
    std::optional<std::size_t> begin;
    for (std::size_t at = 0; at < content.size(); ++at) {
        const char c = content[at];
        if (begin && (c == '}' || c == ':' || c == '!')) {
            begin.reset();  // what follows a colon is no code, but for other braces
        } else if (!begin && c == '{') {
            if (content.substr(at).starts_with("{{")) {
                ++at;
            } else {
                begin = at + 1;
            }
        }
    }
    return begin ? std::optional{content.substr(*begin)} : std::nullopt;
}

}  // namespace backdoor
