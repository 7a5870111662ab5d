// What the keys do.

#include <algorithm>
#include <utility>

#include "editor/burst.hpp"
#include "editor/completion.hpp"
#include "editor/indentation.hpp"
#include "editor/line_editor.hpp"

namespace backdoor::editor {

void line_editor::handle(const key& pressed) {
    changed_ = true;
    const command what = command_for(pressed, after_control_x_);
    after_control_x_ = what == command::control_x;
    if (search_ && handle_in_search(what, pressed))
        return;
    if (what != command::up && what != command::down)
        walk_.pause();
    if (what != command::complete)
        tabbed_ = false;
    fresh_indentation_ = false;
    block_.note(what);
    run(what, pressed);
}

void line_editor::run(command what, const key& pressed) {
    switch (what) {
        case command::enter:
            return enter();
        case command::insert_line:
            return mode_ == mode::block ? new_line(true) : enter();
        case command::complete:
            return tab();
        case command::interrupt:
            finish("^C");
            events_.emplace_back(interrupted{});
            return;
        case command::delete_or_end:
            if (!text().empty())
                break;
            finish({});
            events_.emplace_back(end_of_input{});
            return;
        case command::suspend:
            events_.emplace_back(suspended{});
            return;
        case command::up:
            if (!block_.line_up())
                step_history(what);
            return;
        case command::down:
            if (!block_.line_down())
                step_history(what);
            return;
        case command::history_oldest:
        case command::history_newest:
            return step_history(what);
        case command::search_backward:
            return search(incremental_search::direction::backward);
        case command::search_forward:
            return search(incremental_search::direction::forward);
        case command::clear_screen:
            return clear_screen();
        case command::insert_paste:
            return paste(pressed.text);
        case command::insert_quoted:
            if (mode_ == mode::block || pressed.text != "\n")
                break;
            bell_ = true;
            return;
        default:
            break;
    }
    ring_unless(block_.run(what, pressed.text));
}

void line_editor::paste(const std::string& text) {
    if (mode_ == mode::block)
        ring_unless(block_.run(command::insert_paste, text));
    else
        pending_.insert(handled_, text);  // as if typed: its first line answers
}

void line_editor::enter() {
    burst_ |=
        handled_ < pending_.size() && has_more_than_a_line("\r" + pending_.substr(handled_, 2));
    indents_ = !burst_;
    if (mode_ != mode::block)
        return submit(text() + '\n');
    if (!block_.on_last_line())
        return new_line(indents_);

    std::string whole = text();
    const std::size_t last = whole.rfind('\n') + 1;
    if (is_blank(std::string_view(whole).substr(last))) {
        whole.resize(last);
        if (last == 0)
            return submit("\n");
    }
    question_ = whole + '\n';
    state_ = state::judging;
    events_.emplace_back(wants_judgement{question_});
}

std::vector<event> line_editor::judge(verdict answer) {
    if (state_ != state::judging)
        return {};
    changed_ = true;
    state_ = state::reading;
    if (answer == verdict::incomplete)
        new_line(indents_);
    else
        submit(std::move(question_));
    return process();
}

void line_editor::new_line(bool indented) {
    std::string added = "\n";
    if (indented)
        added += indentation_after(block_.line_before_cursor());
    ring_unless(block_.insert(added));
    fresh_indentation_ = added.size() > 1;
}

void line_editor::submit(std::string text) {
    if (mode_ == mode::block)
        past_->add(text);
    finish({});
    events_.emplace_back(submitted{std::move(text)});
}

void line_editor::tab() {
    if (mode_ != mode::block)
        return ring_unless(block_.insert("\t"));
    const std::string level = level_to_add(block_.line_before_cursor());
    if (!level.empty())
        return ring_unless(block_.insert(level));
    state_ = state::completing;
    events_.emplace_back(wants_completion{text(), cursor()});
}

std::vector<event> line_editor::complete(const std::vector<std::string>& candidates,
                                         std::size_t replaced) {
    if (state_ != state::completing)
        return {};
    changed_ = true;
    state_ = state::reading;
    replaced = std::min(replaced, cursor());
    const std::string prefix = common_prefix(candidates);
    const std::string_view present = std::string_view(text()).substr(cursor() - replaced, replaced);
    if (prefix.size() >= replaced && prefix != present) {
        tabbed_ = false;
        ring_unless(block_.replace_before_cursor(replaced, prefix));
    } else if (candidates.size() > 1 && tabbed_) {
        list(candidates);
    } else {
        bell_ = true;
        tabbed_ = true;
    }
    return process();
}

void line_editor::list(const std::vector<std::string>& candidates) {
    draw();
    renderer_.leave({}, output_);
    printout_.keep_closed();
    output_ += in_columns(candidates, settings_.columns, settings_.rows);
    changed_ = true;
}

void line_editor::step_history(command what) {
    std::optional<std::string> found;
    if (mode_ == mode::block && what == command::up)
        found = walk_.older(text(), cursor());
    else if (mode_ == mode::block && what == command::down)
        found = walk_.newer(text(), cursor());
    else if (mode_ == mode::block)
        found = what == command::history_oldest ? walk_.oldest(text()) : walk_.newest();
    ring_unless(found && block_.set(*found, found->size()));
}

void line_editor::search(incremental_search::direction where) {
    if (mode_ == mode::block)
        search_.emplace(*past_, text(), cursor(), where);
    else
        bell_ = true;
}

bool line_editor::handle_in_search(command what, const key& pressed) {
    using direction = incremental_search::direction;
    switch (what) {
        case command::insert:
        case command::insert_quoted:
            ring_unless(search_->type(pressed.text));
            return true;
        case command::erase_left:
            ring_unless(search_->take_back());
            return true;
        case command::search_backward:
            ring_unless(search_->again(direction::backward, last_pattern_));
            return true;
        case command::search_forward:
            ring_unless(search_->again(direction::forward, last_pattern_));
            return true;
        case command::abort:
            search_.reset();
            return true;
        default:
            break;
    }
    // Any other key takes what was found, and does what it always does.
    if (!search_->pattern().empty())
        last_pattern_ = search_->pattern();
    ring_unless(block_.set(search_->text(), search_->cursor()));
    search_.reset();
    return false;
}

}  // namespace backdoor::editor
