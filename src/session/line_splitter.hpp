// Plain input, of nc, socat or a script: bytes to whole lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace backdoor {

/// Cuts a stream of bytes into lines that end in LF; CR LF counts as LF. Ctrl-C and Ctrl-D mean what
/// they mean on a terminal: interrupt at once, and end of input when alone on a line.
/// Thread safety: none.
class line_splitter {
public:
    /// What stopped receive() before the end of the bytes.
    enum class stop { none, interrupt, end, too_long };

    explicit line_splitter(std::size_t max_line) : max_line_{max_line} {}

    /// Appends whole lines to `lines`; an interrupt drops those before it. Takes from `bytes` what it has
    /// used: all of it, or up to and with what the result tells.
    stop receive(std::string_view& bytes, std::string& lines);

    /// Nothing has come since the last newline.
    bool empty() const { return partial_.empty(); }
    /// How the last line began that was too long.
    const std::string& dropped() const { return dropped_; }

    /// What came since the last newline.
    std::string take_rest() { return std::exchange(partial_, {}); }

private:
    const std::size_t max_line_;
    std::string partial_;
    std::string dropped_;
    bool skipping_ = false;  // the rest of a line that was too long
};

}  // namespace backdoor
