#include "session/line_splitter.hpp"

#include <algorithm>

namespace backdoor {

namespace {

constexpr char interrupt_byte = '\x03';
// Enough to see what it was.
constexpr std::size_t dropped_head = 64;
constexpr char end_byte = '\x04';

// What is looked at first; then four times as much, and so on.
constexpr std::size_t first_look = 64;

// The next byte that means something, or the end. Control bytes are rare and lines long; but what is
// full of them is not to be searched to its end for each.
std::size_t next_special(std::string_view bytes) {
    for (auto size = first_look;; size *= 4) {
        const auto part = bytes.substr(0, size);
        const auto newline = std::min(part.find('\n'), part.size());
        const auto line = part.substr(0, newline);
        const auto found = std::min({line.find(interrupt_byte), line.find(end_byte), newline});
        if (found < part.size() || part.size() == bytes.size()) {
            return found;
        }
    }
}

/// CR LF ends a line as LF does. A telnet client that is fed CR LF sends CR NUL CR LF.
void drop_carriage_return(std::string& line) {
    using namespace std::string_view_literals;
    if (line.ends_with('\r')) {
        line.pop_back();
    }
    if (line.ends_with("\r\0"sv)) {
        line.resize(line.size() - 2);
    }
}

}  // namespace

line_splitter::stop line_splitter::receive(std::string_view& bytes, std::string& lines) {
    while (!bytes.empty()) {
        const auto length = next_special(bytes);
        const auto text = bytes.substr(0, length);
        if (!skipping_) {
            partial_.append(text);
            if (partial_.size() > max_line_) {
                // What follows of it is skipped, to its end.
                bytes.remove_prefix(length);
                dropped_ = partial_.substr(0, dropped_head);
                std::string{}.swap(partial_);
                skipping_ = true;
                return stop::too_long;
            }
        }
        if (length == bytes.size()) {
            bytes = {};
        } else {
            const char special = bytes[length];
            bytes.remove_prefix(length + 1);
            if (special == interrupt_byte) {
                partial_.clear();
                skipping_ = false;
                lines.clear();
                return stop::interrupt;
            }
            if (special == end_byte) {
                if (partial_.empty() && !skipping_) {
                    return stop::end;
                }
            } else if (std::exchange(skipping_, false)) {
                continue;
            } else {
                drop_carriage_return(partial_);
                lines.append(partial_).push_back('\n');
                partial_.clear();
            }
        }
    }
    if (partial_.empty()) {
        std::string{}.swap(partial_);
    }
    return stop::none;
}

}  // namespace backdoor
