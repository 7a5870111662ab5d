// What the terminal gets.

#include <utility>

#include "editor/brackets.hpp"
#include "editor/completion.hpp"
#include "editor/layout.hpp"
#include "editor/line_editor.hpp"

namespace backdoor::editor {

void line_editor::draw() {
    printout_.close(output_);
    const prompt search_prompt = search_ ? prompt(printable(search_->prompt())) : prompt();
    const std::string& shown = search_ ? search_->text() : text();
    const std::size_t at = search_ ? search_->cursor() : cursor();
    const bool hidden = mode_ == mode::secret;

    std::vector<span> spans;
    std::vector<std::size_t> matched;
    if (settings_.colour && mode_ == mode::block && shown.size() <= max_highlighted) {
        if (settings_.syntax)
            spans = settings_.syntax->highlight(shown);
        if (state_ != state::idle)
            matched = matched_brackets(shown, at, spans);
    }
    const picture what{search_ ? search_prompt : first_,
                       continuation_,
                       hidden ? std::string_view() : std::string_view(shown),
                       hidden ? 0 : at,
                       spans,
                       matched};
    renderer_.draw(lay_out(what, settings_.columns, settings_.rows, top_), settings_.columns,
                   output_);
    // Nobody can get above a frame that fills the screen, or did.
    if (renderer_.height() >= static_cast<std::size_t>(settings_.rows))
        printout_.keep_closed();
    changed_ = false;
}

void line_editor::hand_over() {
    if (state_ == state::idle || !text().empty())
        return cancel();
    search_.reset();
    if (mode_ == mode::block) {
        renderer_.erase(output_);
        output_ += "\x1b[?2004l";
    } else {
        draw();
        renderer_.forget();
    }
    printout_.keep_closed();
    state_ = state::idle;
}

void line_editor::clear_screen() {
    output_ += "\x1b[H\x1b[2J";
    renderer_.forget();
    printout_.keep_closed();
    changed_ = true;
}

void line_editor::resize(int columns, int rows) {
    settings resized = settings_;
    resized.columns = columns;
    resized.rows = rows;
    resized = with_known_size(resized);
    if (resized.columns == settings_.columns && resized.rows == settings_.rows)
        return;
    settings_ = resized;
    renderer_.resize(settings_.columns, settings_.rows, output_);
    printout_.keep_closed();
    changed_ = true;
}

void line_editor::set_colour(bool on) {
    settings_.colour = on;
    changed_ = true;
}

void line_editor::print_above(std::string_view output) {
    if (state_ != state::idle && renderer_.height() > 0) {
        renderer_.erase(output_);
        printout_.reopen(settings_.columns, output_);
        changed_ = true;
    }
    printout_.write(output, output_);
}

std::string line_editor::take_output() {
    if (state_ != state::idle && changed_)
        draw();
    if (std::exchange(bell_, false))
        output_ += '\a';
    return std::exchange(output_, {});
}

}  // namespace backdoor::editor
