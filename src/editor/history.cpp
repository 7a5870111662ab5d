#include "editor/history.hpp"

#include <string_view>
#include <utility>

namespace backdoor::editor {
namespace {

std::string without_blank_lines_at_end(std::string block) {
    constexpr std::string_view blank = " \t\n";
    const std::size_t last = block.find_last_not_of(blank);
    if (last == std::string::npos)
        return {};
    const std::size_t line_end = block.find('\n', last);
    if (line_end != std::string::npos)
        block.resize(line_end);
    return block;
}

}  // namespace

void history::add(std::string block) {
    block = without_blank_lines_at_end(std::move(block));
    if (block.empty() || block.size() > max_bytes_ || max_entries_ == 0)
        return;
    if (!entries_.empty() && entries_.back() == block)
        return;
    bytes_ += block.size();
    entries_.push_back(std::move(block));
    while (bytes_ > max_bytes_ || entries_.size() > max_entries_) {
        bytes_ -= entries_.front().size();
        entries_.pop_front();
        ++dropped_;
    }
}

}  // namespace backdoor::editor
