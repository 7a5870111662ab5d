#include "editor/printout.hpp"

#include <algorithm>

#include "editor/prompt.hpp"

namespace backdoor::editor {
namespace {

// Of plain text with colours; anything else moves the cursor in its own ways.
std::optional<int> columns_of_line(std::string_view line) {
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == '\x1b') {
            const std::size_t size = escape_sequence_size(line.substr(at));
            if (size < 3 || line[at + 1] != '[' || line[at + size - 1] != 'm')
                return {};
            at += size - 1;
        } else if (static_cast<unsigned char>(line[at]) < 0x20 || line[at] == 0x7f) {
            return {};
        }
    }
    const prompt measured(line);
    if (measured.uncertain())
        return {};
    return measured.columns();
}

}  // namespace

void printout::write(std::string_view output, std::string& out) {
    if (output.empty())
        return;
    char previous = '\0';
    for (const char c : output) {
        if (c == '\n' && previous != '\r')
            out += '\r';
        out += c;
        previous = c;
    }
    track(output);
}

void printout::track(std::string_view output) {
    closed_columns_.reset();
    const std::size_t last = output.rfind('\n');
    if (last != std::string_view::npos) {
        line_.clear();
        line_known_ = true;
        output.remove_prefix(last + 1);
    }
    if (line_.size() + output.size() <= max_open_line)
        line_ += output;
    else
        line_known_ = false;
    open_ = !line_.empty() || !line_known_;
}

void printout::close(std::string& out) {
    if (!open_)
        return;
    out += "\r\n";
    open_ = false;
    closed_columns_ = line_known_ ? columns_of_line(line_) : std::nullopt;
    if (!closed_columns_)
        keep_closed();
}

void printout::reopen(int columns, std::string& out) {
    if (!closed_columns_)
        return;
    const int end = *closed_columns_;
    if (end == 0 || end >= columns) {
        keep_closed();
        return;
    }
    out += "\x1b[A\x1b[" + std::to_string(end) + "C";
    open_ = true;
    closed_columns_.reset();
}

std::string printout::take_open_line(int columns, std::string& out) {
    const auto width = line_known_ ? columns_of_line(line_) : std::nullopt;
    if (!open_ || !width) {
        close(out);
        keep_closed();
        return {};
    }
    out += '\r';
    if (const int up = *width > 0 ? (*width - 1) / columns : 0; up > 0)
        out += "\x1b[" + std::to_string(up) + 'A';
    open_ = false;
    std::string line = std::move(line_);
    keep_closed();
    return line;
}

void printout::keep_closed() {
    closed_columns_.reset();
    line_.clear();
    line_known_ = !open_;
}

}  // namespace backdoor::editor
