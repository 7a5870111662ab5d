#include "editor/completion.hpp"

#include <algorithm>

#include "editor/graphemes.hpp"

namespace backdoor::editor {

std::string common_prefix(const std::vector<std::string>& candidates) {
    if (candidates.empty())
        return {};
    const std::string& first = candidates.front();
    std::size_t size = first.size();
    for (const std::string& other : candidates) {
        const auto end = std::mismatch(first.begin(), first.begin() + static_cast<long>(size),
                                       other.begin(), other.end());
        size = static_cast<std::size_t>(end.first - first.begin());
    }
    // Back to where a character begins.
    while (size > 0 && size < first.size() &&
           (static_cast<unsigned char>(first[size]) & 0xc0) == 0x80)
        --size;
    return first.substr(0, size);
}

std::string printable(std::string_view text) {
    std::string shown;
    for (std::size_t at = 0; at < text.size();) {
        const cluster next = cluster_at(text, at);
        const std::string_view bytes = text.substr(at, next.size);
        if (next.shape == form::itself)
            shown += bytes;
        else if (next.shape == form::escaped)
            shown += escape(bytes);
        else
            shown += replacement_character;
        at += next.size;
    }
    return shown;
}

std::string in_columns(const std::vector<std::string>& candidates, int columns, int rows) {
    constexpr std::size_t gap = 2;
    std::size_t widest = 1;
    for (const std::string& candidate : candidates)
        widest = std::max(widest, static_cast<std::size_t>(columns_of(candidate)));
    const auto width = static_cast<std::size_t>(columns);
    const std::size_t across = std::max<std::size_t>(1, (width + gap - 1) / (widest + gap));
    const std::size_t most_lines = static_cast<std::size_t>(std::max(3, rows - 3));
    const std::size_t shown = std::min(candidates.size(), across * most_lines);
    const std::size_t lines = (shown + across - 1) / across;

    std::string out;
    for (std::size_t line = 0; line < lines; ++line) {
        std::size_t missing = 0;
        for (std::size_t at = line; at < shown; at += lines) {
            out.append(missing, ' ');
            out += printable(candidates[at]);
            missing = widest + gap - static_cast<std::size_t>(columns_of(candidates[at]));
        }
        out += "\r\n";
    }
    if (shown < candidates.size())
        out += "... and " + std::to_string(candidates.size() - shown) + " more\r\n";
    return out;
}

}  // namespace backdoor::editor
