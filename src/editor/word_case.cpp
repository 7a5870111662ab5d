#include "editor/word_case.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace backdoor::editor {

std::string in_case(std::string_view word, letter_case wanted) {
    std::string changed;
    bool first = true;
    for (std::size_t at = 0; at < word.size();) {
        utf8proc_int32_t point = 0;
        const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(word.data()) + at;
        const auto rest = static_cast<utf8proc_ssize_t>(std::min<std::size_t>(word.size() - at, 4));
        const utf8proc_ssize_t size = utf8proc_iterate(bytes, rest, &point);
        if (size <= 0) {
            changed += word[at++];
            continue;
        }
        const bool upper =
            wanted == letter_case::upper || (wanted == letter_case::capital && first);
        const utf8proc_int32_t other = upper ? utf8proc_toupper(point) : utf8proc_tolower(point);
        // What stands before the word has no cases, and is not its first letter.
        if (point >= 0x80 || utf8proc_toupper(point) != utf8proc_tolower(point))
            first = false;
        utf8proc_uint8_t encoded[4];
        const utf8proc_ssize_t length = utf8proc_encode_char(other, encoded);
        changed.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(length));
        at += static_cast<std::size_t>(size);
    }
    return changed;
}

}  // namespace backdoor::editor
