#include "editor/block_editor.hpp"

#include <utility>

#include "editor/graphemes.hpp"
#include "editor/indentation.hpp"
#include "editor/motion.hpp"
#include "editor/word_case.hpp"

namespace backdoor::editor {

void block_editor::begin(bool secret) {
    buffer_.clear();
    secret_ = secret;
    killed_ = false;
    yanked_ = 0;
    goal_column_ = -1;
}

void block_editor::note(command what) {
    const bool moves_between_lines = what == command::up || what == command::down;
    if (!moves_between_lines)
        goal_column_ = -1;
    const bool kills = what == command::kill_to_line_end || what == command::kill_to_line_begin ||
                       what == command::kill_blank_word_left || what == command::kill_word_left ||
                       what == command::kill_word_right;
    if (!kills)
        killed_ = false;
    if (what != command::yank_older)
        yanked_ = 0;
}

bool block_editor::run(command what, std::string_view typed) {
    note(what);
    switch (what) {
        case command::insert:
            return buffer_.type(typed);
        case command::insert_quoted:
        case command::insert_paste:
            return buffer_.insert(typed);
        case command::erase_left:
            return erase_left();
        case command::erase_right:
        case command::delete_or_end:
            return erase_right();
        case command::kill_to_line_end:
        case command::kill_to_line_begin:
        case command::kill_blank_word_left:
        case command::kill_word_left:
        case command::kill_word_right:
            return kill(what);
        case command::yank:
            return yank();
        case command::yank_older:
            return yank_older();
        case command::transpose_characters:
            return transpose_characters();
        case command::transpose_words:
            return transpose_words();
        case command::upper_case:
        case command::lower_case:
        case command::capitalize:
            return change_case(what);
        case command::undo:
            return buffer_.undo();
        default:
            return move(what);
    }
}

bool block_editor::move(command what) {
    const std::size_t from = cursor();
    switch (what) {
        case command::line_begin:
            buffer_.move_to(line_begin(text(), from));
            return true;
        case command::line_end:
            buffer_.move_to(line_end(text(), from));
            return true;
        case command::left:
            buffer_.move_to(previous_boundary(text(), from));
            break;
        case command::right:
            buffer_.move_to(next_boundary(text(), from));
            break;
        case command::word_left:
            buffer_.move_to(word_left(text(), from));
            break;
        case command::word_right:
            buffer_.move_to(word_right(text(), from));
            break;
        case command::ignore:
        case command::control_x:
            return true;
        default:
            return false;
    }
    return cursor() != from;
}

bool block_editor::replace_before_cursor(std::size_t size, std::string_view with) {
    return buffer_.replace(cursor() - size, cursor(), with);
}

bool block_editor::set(std::string_view text, std::size_t cursor) {
    if (text != buffer_.text() && !buffer_.set(text))
        return false;
    buffer_.move_to(cursor);
    return true;
}

void block_editor::erase_line_before_cursor() {
    buffer_.erase(line_begin(text(), cursor()), cursor());
}

std::string_view block_editor::line_before_cursor() const {
    const std::size_t begin = line_begin(text(), cursor());
    return std::string_view(text()).substr(begin, cursor() - begin);
}

bool block_editor::on_last_line() const { return text().find('\n', cursor()) == std::string::npos; }

int block_editor::goal_column() {
    if (goal_column_ < 0)
        goal_column_ = columns_of(line_before_cursor());
    return goal_column_;
}

bool block_editor::line_up() {
    const std::size_t begin = line_begin(text(), cursor());
    if (begin == 0)
        return false;
    buffer_.move_to(place_in_line(text(), line_begin(text(), begin - 1), goal_column()));
    return true;
}

bool block_editor::line_down() {
    const std::size_t end = line_end(text(), cursor());
    if (end == text().size())
        return false;
    buffer_.move_to(place_in_line(text(), end + 1, goal_column()));
    return true;
}

bool block_editor::erase_left() {
    if (cursor() == 0)
        return false;
    std::size_t size = level_to_remove(line_before_cursor());
    if (size == 0)
        size = cursor() - previous_boundary(text(), cursor());
    buffer_.erase(cursor() - size, cursor());
    return true;
}

bool block_editor::erase_right() {
    const std::size_t end = next_boundary(text(), cursor());
    if (end == cursor())
        return false;
    buffer_.erase(cursor(), end);
    return true;
}

bool block_editor::kill(command what) {
    const std::size_t at = cursor();
    switch (what) {
        case command::kill_to_line_end: {
            const std::size_t end = line_end(text(), at);
            const bool joins_lines = end == at && at < text().size();
            return kill(at, joins_lines ? at + 1 : end, kill_ring::direction::forward);
        }
        case command::kill_to_line_begin:
            return kill(line_begin(text(), at), at, kill_ring::direction::backward);
        case command::kill_blank_word_left:
            return kill(blank_word_left(text(), at), at, kill_ring::direction::backward);
        case command::kill_word_left:
            return kill(word_left(text(), at), at, kill_ring::direction::backward);
        default:
            return kill(at, word_right(text(), at), kill_ring::direction::forward);
    }
}

bool block_editor::kill(std::size_t begin, std::size_t end, kill_ring::direction where) {
    if (begin == end)
        return false;
    if (!secret_)
        kills_.add(text().substr(begin, end - begin), where, std::exchange(killed_, true));
    buffer_.erase(begin, end);
    return true;
}

bool block_editor::yank() {
    if (kills_.empty() || secret_ || !buffer_.insert(kills_.current()))
        return false;
    yanked_ = kills_.current().size();
    return true;
}

bool block_editor::yank_older() {
    if (yanked_ == 0)
        return false;
    kills_.rotate();
    if (!replace_before_cursor(yanked_, kills_.current()))
        return false;
    yanked_ = kills_.current().size();
    return true;
}

bool block_editor::transpose_characters() {
    const std::size_t begin = line_begin(text(), cursor());
    std::size_t middle = cursor();
    if (middle == line_end(text(), cursor()) && middle > begin)
        middle = previous_boundary(text(), middle);
    if (middle == begin)
        return false;
    const std::size_t first = previous_boundary(text(), middle);
    const std::size_t end = next_boundary(text(), middle);
    const std::string swapped =
        text().substr(middle, end - middle) + text().substr(first, middle - first);
    return buffer_.replace(first, end, swapped);
}

bool block_editor::transpose_words() {
    const std::string& all = text();
    const std::size_t second_end = word_right(all, cursor());
    const std::size_t second = word_left(all, second_end);
    const std::size_t first = word_left(all, second);
    const std::size_t first_end = word_right(all, first);
    if (first_end > second)
        return false;
    const std::string swapped = all.substr(second, second_end - second) +
                                all.substr(first_end, second - first_end) +
                                all.substr(first, first_end - first);
    return buffer_.replace(first, second_end, swapped);
}

bool block_editor::change_case(command what) {
    const std::size_t end = word_right(text(), cursor());
    if (end == cursor())
        return false;
    const letter_case wanted = what == command::upper_case   ? letter_case::upper
                               : what == command::lower_case ? letter_case::lower
                                                             : letter_case::capital;
    const std::string changed =
        in_case(std::string_view(text()).substr(cursor(), end - cursor()), wanted);
    return buffer_.replace(cursor(), end, changed);
}

}  // namespace backdoor::editor
