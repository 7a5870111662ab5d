#pragma once

#include <cstddef>
#include <string_view>

namespace backdoor::editor {

// A person ends what was typed by Enter, and waits; a paste without brackets goes on.
inline bool has_more_than_a_line(std::string_view bytes) {
    const std::size_t enter = bytes.find_first_of("\r\n");
    if (enter == std::string_view::npos)
        return false;
    std::string_view rest = bytes.substr(enter + 1);
    if (bytes[enter] == '\r' && !rest.empty() && (rest.front() == '\n' || rest.front() == '\0'))
        rest.remove_prefix(1);
    return !rest.empty();
}

}  // namespace backdoor::editor
