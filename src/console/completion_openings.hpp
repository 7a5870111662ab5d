// Strings and brackets that are open where the cursor is.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace backdoor {

/// What has been opened and not closed, up to the cursor.
struct openings {
    /// The string or comment that the cursor is in.
    struct string {
        std::size_t begin;  ///< of its content
        std::string_view quote;
        bool has_code;   ///< as f'{x}' has
        bool has_bytes;  ///< as b'x' has
    };
    std::optional<string> inside;
    std::optional<string> last_closed;
    std::vector<std::size_t> brackets;  ///< outside of strings
};

openings find_openings(std::string_view text);

/// The code that the content of an f-string ends in, behind its brace; none where it ends
/// otherwise.
std::optional<std::string_view> code_in(std::string_view content);

}  // namespace backdoor
