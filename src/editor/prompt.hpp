#pragma once

#include <string>
#include <string_view>

namespace backdoor::editor {

// A prompt: UTF-8, with escape sequences for its colours, which take no columns. Only its last
// line is redrawn, the lines before are printed once.
class prompt {
public:
    prompt() = default;
    explicit prompt(std::string_view text);

    const std::string& lines_before() const { return lines_before_; }
    // As it is sent; ends in the default colours.
    const std::string& bytes() const { return bytes_; }
    // Without escape sequences, for where it does not fit into a row.
    const std::string& plain() const { return plain_; }
    int columns() const { return columns_; }
    bool uncertain() const { return uncertain_; }

private:
    std::string lines_before_;
    std::string bytes_;
    std::string plain_;
    int columns_ = 0;
    bool uncertain_ = false;
};

// The bytes of the escape sequence at the front of `text`, which begins with Escape.
std::size_t escape_sequence_size(std::string_view text);

}  // namespace backdoor::editor
