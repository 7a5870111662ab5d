#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "terminal.hpp"

namespace backdoor::editor::test {

// What the screen should show, computed in the plainest way, for text of a known alphabet.

struct expected_glyph {
    std::string text;
    int columns;
};
using expected_row = std::vector<expected_glyph>;

struct expected_block {
    std::vector<expected_row> rows;
    int cursor_row = 0;
    int cursor_column = 0;
};

// Characters whose look is known. A mark joins what is before it.
struct letter {
    std::string_view bytes;
    std::string_view shown;  // empty: as it is
    int columns;
    bool mark = false;
};
const std::vector<letter>& alphabet();
inline constexpr int first_typed_letter = 5;

expected_block expect_block(std::string_view prompt, std::string_view continuation,
                            std::string_view text, std::size_t cursor, int columns);

// Printed text, of ASCII.
std::vector<expected_row> expect_line(std::string_view line, int columns);

// What is wrong with a row of the terminal; nothing when it shows what it should.
std::optional<std::string> difference(const terminal& shown, int row, const expected_row& wanted);

}  // namespace backdoor::editor::test
