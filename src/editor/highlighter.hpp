#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace backdoor::editor {

// What a piece of the block is. Anything not in a span is plain.
enum class token : std::uint8_t { plain, keyword, builtin, string, comment, number, definition };

struct span {
    std::size_t begin;
    std::size_t end;
    token kind;
    bool operator==(const span&) const = default;
};

// Spans come in order and do not overlap. The text is what is typed so far: never assume that it
// is complete, or valid.
class highlighter {
public:
    virtual ~highlighter() = default;
    virtual std::vector<span> highlight(std::string_view text) const = 0;
};

// Python as of 3.14, in one pass over the text.
//
// Thread safety: safe.
class python_highlighter final : public highlighter {
public:
    std::vector<span> highlight(std::string_view text) const override;
};

}  // namespace backdoor::editor
