#include "editor/graphemes.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdio>

namespace backdoor::editor {
namespace {

constexpr utf8proc_int32_t emoji_presentation = 0xfe0f;
constexpr utf8proc_int32_t first_emoji = 0x1f000;

const utf8proc_uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

// The bytes of the code point at `at`, 0 when they are not UTF-8.
std::size_t decode(std::string_view text, std::size_t at, utf8proc_int32_t& point) {
    const auto rest = static_cast<utf8proc_ssize_t>(std::min<std::size_t>(text.size() - at, 4));
    const utf8proc_ssize_t size = utf8proc_iterate(bytes_of(text) + at, rest, &point);
    return size > 0 ? static_cast<std::size_t>(size) : 0;
}

bool is_unassigned(utf8proc_int32_t point) {
    return utf8proc_category(point) == UTF8PROC_CATEGORY_CN;
}

int columns_of_point(utf8proc_int32_t point) {
    return is_unassigned(point) ? 1 : utf8proc_charwidth(point);
}

// Neither seen nor harmless: controls, marks that change the direction of what follows.
bool is_hidden(utf8proc_int32_t point) {
    switch (utf8proc_category(point)) {
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_CF:
        case UTF8PROC_CATEGORY_CS:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
            return true;
        default:
            return false;
    }
}

int escaped_columns(utf8proc_int32_t point) {
    if (point < 0x80)
        return 2;
    return point < 0x10000 ? 6 : point < 0x100000 ? 7 : 8;
}

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

}  // namespace

cluster cluster_at(std::string_view text, std::size_t at) {
    if (is_printable_ascii(text[at]) && (at + 1 == text.size() || is_ascii(text[at + 1])))
        return {1, 1, form::itself, false};

    utf8proc_int32_t point = 0;
    std::size_t size = decode(text, at, point);
    if (size == 0)
        return {1, 1, form::invalid, false};
    if (is_hidden(point))
        return {size, escaped_columns(point), form::escaped, false};

    cluster whole{size, columns_of_point(point), form::itself, false};
    whole.uncertain = point >= first_emoji || is_unassigned(point);
    utf8proc_int32_t first = point;
    utf8proc_int32_t state = 0;
    bool emoji = false;
    while (at + whole.size < text.size()) {
        utf8proc_int32_t next = 0;
        size = decode(text, at + whole.size, next);
        if (size == 0 || next == '\n' || utf8proc_grapheme_break_stateful(point, next, &state))
            break;
        // Terminals that know no clusters show its parts side by side.
        const int columns = columns_of_point(next);
        whole.columns += columns;
        emoji |= next == emoji_presentation;
        whole.uncertain |= columns > 0 || next == emoji_presentation;
        whole.size += size;
        point = next;
    }
    if (emoji)
        whole.columns = std::max(whole.columns, 2);
    if (whole.columns == 0) {
        // A mark without anything to stand on. Its marks are escaped one by one.
        size = decode(text, at, first);
        return {size, escaped_columns(first), form::escaped, false};
    }
    return whole;
}

std::size_t next_boundary(std::string_view text, std::size_t at) {
    return at < text.size() ? at + cluster_at(text, at).size : at;
}

std::size_t previous_boundary(std::string_view text, std::size_t at) {
    if (at == 0)
        return 0;
    // From a place that is a boundary for sure: the beginning of a line, or between two ASCII
    // characters.
    std::size_t from = at - 1;
    while (from > 0 && !(is_ascii(text[from - 1]) && is_ascii(text[from])) &&
           text[from - 1] != '\n')
        --from;
    for (;;) {
        const std::size_t next = from + cluster_at(text, from).size;
        if (next >= at)
            return from;
        from = next;
    }
}

std::string escape(std::string_view cluster) {
    utf8proc_int32_t point = 0;
    decode(cluster, 0, point);
    if (point < 0x80)
        return {'^', static_cast<char>(point ^ 0x40)};
    char shown[16];
    const int size = std::snprintf(shown, sizeof shown, "<%04x>", static_cast<unsigned>(point));
    return {shown, static_cast<std::size_t>(size)};
}

int columns_of(std::string_view text) {
    int columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        const cluster next = cluster_at(text, at);
        columns += next.columns;
        at += next.size;
    }
    return columns;
}

std::size_t incomplete_tail(std::string_view text) {
    for (std::size_t size = 1; size <= std::min<std::size_t>(3, text.size()); ++size) {
        const auto lead = static_cast<unsigned char>(text[text.size() - size]);
        if ((lead & 0xc0) == 0x80)
            continue;
        const std::size_t wanted = lead >= 0xf0 && lead < 0xf5   ? 4
                                   : lead >= 0xe0 && lead < 0xf0 ? 3
                                   : lead >= 0xc2 && lead < 0xe0 ? 2
                                                                 : 1;
        return size < wanted ? size : 0;
    }
    return 0;
}

}  // namespace backdoor::editor
