#include "editor/motion.hpp"

#include "editor/graphemes.hpp"

namespace backdoor::editor {
namespace {

bool in_word(char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

}  // namespace

std::size_t line_begin(std::string_view text, std::size_t at) {
    const std::size_t end = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    return end == std::string_view::npos ? 0 : end + 1;
}

std::size_t line_end(std::string_view text, std::size_t at) {
    const std::size_t end = text.find('\n', at);
    return end == std::string_view::npos ? text.size() : end;
}

std::size_t word_left(std::string_view text, std::size_t at) {
    while (at > 0 && !in_word(text[at - 1]))
        --at;
    while (at > 0 && in_word(text[at - 1]))
        --at;
    return at;
}

std::size_t word_right(std::string_view text, std::size_t at) {
    while (at < text.size() && !in_word(text[at]))
        ++at;
    while (at < text.size() && in_word(text[at]))
        ++at;
    return at;
}

std::size_t blank_word_left(std::string_view text, std::size_t at) {
    while (at > 0 && is_blank(text[at - 1]))
        --at;
    while (at > 0 && !is_blank(text[at - 1]))
        --at;
    return at;
}

std::size_t place_in_line(std::string_view text, std::size_t begin, int column) {
    const std::size_t end = line_end(text, begin);
    std::size_t at = begin;
    while (at < end && column > 0) {
        const cluster next = cluster_at(text, at);
        if (next.columns > column)
            break;
        column -= next.columns;
        at += next.size;
    }
    return at;
}

}  // namespace backdoor::editor
