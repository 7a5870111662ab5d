#include "editor/prompt.hpp"

#include <algorithm>

#include "editor/graphemes.hpp"

namespace backdoor::editor {

std::size_t escape_sequence_size(std::string_view text) {
    if (text.size() < 2)
        return text.size();
    std::size_t at = 2;
    if (text[1] == '[') {
        while (at < text.size() && !(text[at] >= 0x40 && text[at] < 0x7f))
            ++at;
        return std::min(at + 1, text.size());
    }
    if (text[1] == ']') {
        for (; at < text.size(); ++at) {
            if (text[at] == '\a')
                return at + 1;
            if (text[at] == '\x1b')
                return std::min(at + 2, text.size());
        }
        return at;
    }
    return at;
}

prompt::prompt(std::string_view text) {
    const std::size_t last = text.rfind('\n');
    if (last != std::string_view::npos) {
        lines_before_ = text.substr(0, last + 1);
        text.remove_prefix(last + 1);
    }
    bool escapes = false;
    for (std::size_t at = 0; at < text.size();) {
        // GNU readline's marks around what takes no columns: not for the terminal.
        if (text[at] == '\x01' || text[at] == '\x02') {
            ++at;
            continue;
        }
        if (text[at] == '\x1b') {
            const std::size_t size = escape_sequence_size(text.substr(at));
            bytes_ += text.substr(at, size);
            at += size;
            escapes = true;
            continue;
        }
        const cluster next = cluster_at(text, at);
        const std::string_view bytes = text.substr(at, next.size);
        const std::string shown = next.shape == form::itself ? std::string(bytes)
                                  : next.shape == form::escaped
                                      ? escape(bytes)
                                      : std::string(replacement_character);
        bytes_ += shown;
        plain_ += shown;
        columns_ += next.columns;
        uncertain_ |= next.uncertain;
        at += next.size;
    }
    if (escapes)
        bytes_ += "\x1b[0m";
}

}  // namespace backdoor::editor
