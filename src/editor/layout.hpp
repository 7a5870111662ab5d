#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "editor/highlighter.hpp"
#include "editor/prompt.hpp"

namespace backdoor::editor {

// From text to what is seen of it: rows of glyphs on a terminal of some size.

struct position {
    std::size_t row = 0;
    int column = 0;
    bool operator==(const position&) const = default;
};

// What is written at once, in one style: a cluster, or a whole prompt.
struct glyph {
    std::uint32_t begin;  // in the row's bytes
    std::uint32_t size;
    std::uint16_t column;
    std::uint16_t columns;
    token style;
    bool matched;    // one of a pair of brackets at the cursor
    bool uncertain;  // see cluster
};

struct row {
    std::string bytes;
    std::vector<glyph> glyphs;
    int columns = 0;     // that are used
    bool wraps = false;  // goes on in the next row

    std::string_view bytes_of(const glyph& g) const {
        return std::string_view(bytes).substr(g.begin, g.size);
    }
};

struct frame {
    std::vector<row> rows;  // never empty
    position cursor;
};

// What to lay out.
struct picture {
    const prompt& first;         // before the first line
    const prompt& continuation;  // before all others
    std::string_view text;
    std::size_t cursor = 0;
    const std::vector<span>& spans;
    const std::vector<std::size_t>& matched;  // offsets of brackets
};

// A line that ends at the right edge has an empty row behind it, for the cursor. Of a block with
// more rows than the screen the part around the cursor is seen: `top` is the first row of it, kept
// as long as the cursor is not outside.
frame lay_out(const picture& what, int columns, int rows, std::size_t& top);

}  // namespace backdoor::editor
