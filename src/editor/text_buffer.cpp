#include "editor/text_buffer.hpp"

#include <algorithm>
#include <optional>

namespace backdoor::editor {

void text_buffer::move_to(std::size_t cursor) {
    if (cursor != cursor_)
        undo_.separate();
    cursor_ = std::min(cursor, text_.size());
}

bool text_buffer::insert(std::string_view added) { return replace(cursor_, cursor_, added); }

bool text_buffer::type(std::string_view added) {
    return change_text(cursor_, cursor_, added, true);
}

bool text_buffer::replace(std::size_t begin, std::size_t end, std::string_view with) {
    return change_text(begin, end, with, false);
}

bool text_buffer::change_text(std::size_t begin, std::size_t end, std::string_view with,
                              bool typed) {
    if (with.size() > max_size_ || text_.size() - (end - begin) > max_size_ - with.size())
        return false;
    if (begin == end && with.empty())
        return true;
    undo_.add({begin, with.size(), text_.substr(begin, end - begin), cursor_, typed});
    text_.replace(begin, end - begin, with);
    cursor_ = begin + with.size();
    return true;
}

bool text_buffer::undo() {
    const std::optional<change> last = undo_.take();
    if (!last)
        return false;
    text_.replace(last->at, last->inserted, last->removed);
    cursor_ = last->cursor;
    return true;
}

void text_buffer::clear() {
    text_.clear();
    cursor_ = 0;
    undo_.clear();
}

}  // namespace backdoor::editor
