#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backdoor::editor {

// Text as a person counts it: grapheme clusters, and how each looks on a terminal. Any bytes are
// text; what is not UTF-8 is a cluster per byte. '\n' is a cluster of its own.

enum class form {
    itself,   // sent to the terminal as it is
    escaped,  // what the eye or the terminal cannot show: ^A, <200b>
    invalid,  // not UTF-8: U+FFFD
};

struct cluster {
    std::size_t size = 0;  // in bytes
    int columns = 0;
    form shape = form::itself;
    // Terminals differ in the columns that it takes (emoji, joined emoji, flags): this many at
    // most, and the cursor must be put where it belongs afterwards.
    bool uncertain = false;
};

// The cluster that begins at `at`, which is before the end.
cluster cluster_at(std::string_view text, std::size_t at);

std::size_t next_boundary(std::string_view text, std::size_t at);
std::size_t previous_boundary(std::string_view text, std::size_t at);

// How an escaped cluster is shown, in ASCII.
std::string escape(std::string_view cluster);

inline constexpr std::string_view replacement_character = "\xef\xbf\xbd";

constexpr bool is_printable_ascii(char c) { return c >= 0x20 && c < 0x7f; }

// The columns of a text without escape sequences.
int columns_of(std::string_view text);

// The bytes of a character that were cut off at the end of `text`, if more may complete it.
std::size_t incomplete_tail(std::string_view text);

}  // namespace backdoor::editor
