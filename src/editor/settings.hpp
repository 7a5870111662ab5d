#pragma once

#include <algorithm>
#include <cstddef>

namespace backdoor::editor {

class highlighter;

inline constexpr int max_terminal_size = 1000;

struct settings {
    // Of the terminal. What is not positive stands for 80 and 24: the terminal does not know.
    // What is larger than max_terminal_size stands for that.
    int columns = 80;
    int rows = 24;

    // Whether to highlight. The prompt may have colours of its own.
    bool colour = false;
    const highlighter* syntax = nullptr;  // lives longer than the editor; null: brackets only

    // What would make a block larger is refused, and a bell rings.
    std::size_t max_block = 16u << 20;
};

inline settings with_known_size(settings chosen) {
    const auto known = [](int size, int otherwise) {
        return size > 0 ? std::min(size, max_terminal_size) : otherwise;
    };
    chosen.columns = known(chosen.columns, settings{}.columns);
    chosen.rows = known(chosen.rows, settings{}.rows);
    return chosen;
}

}  // namespace backdoor::editor
