#include "editor/line_editor.hpp"

#include <algorithm>
#include <utility>

#include "editor/burst.hpp"

namespace backdoor::editor {
namespace {

constexpr char interrupt_byte = 0x03;

}  // namespace

line_editor::line_editor(history& past, settings chosen)
    : past_(&past),
      settings_(with_known_size(chosen)),
      decoder_(chosen.max_block),
      block_(chosen.max_block),
      walk_(past) {}

std::vector<event> line_editor::begin(std::string_view prompt, std::string_view continuation) {
    start(mode::block, prompt, continuation);
    output_ += "\x1b[?2004h";
    return process();
}

std::vector<event> line_editor::begin_plain(std::string_view prompt, bool echo) {
    start(echo ? mode::line : mode::secret, prompt, {});
    return process();
}

void line_editor::start(mode what, std::string_view first, std::string_view continuation) {
    cancel();
    mode_ = what;
    state_ = state::reading;
    first_ = first.empty() && what != mode::block
                 ? prompt(printout_.take_open_line(settings_.columns, output_))
                 : prompt(first);
    continuation_ = prompt(continuation);
    printout_.write(first_.lines_before(), output_);
    block_.begin(what == mode::secret);
    walk_ = history_walk(*past_);
    after_control_x_ = tabbed_ = fresh_indentation_ = false;
    top_ = 0;
    changed_ = true;
}

void line_editor::cancel() {
    if (state_ != state::idle)
        finish({});
}

void line_editor::finish(std::string_view mark) {
    search_.reset();
    block_.move_to(text().size());
    state_ = state::idle;
    draw();
    renderer_.leave(mark, output_);
    printout_.keep_closed();
    if (mode_ == mode::block)
        output_ += "\x1b[?2004l";
    question_.clear();
    block_.begin(false);
}

std::vector<event> line_editor::feed(std::string_view bytes) {
    const bool many_lines = has_more_than_a_line(bytes);
    if (handled_ == pending_.size())
        burst_ = many_lines;
    burst_ |= many_lines;
    // What is pasted has its own indentation.
    if (many_lines) {
        indents_ = false;
        if (state_ == state::reading && std::exchange(fresh_indentation_, false))
            block_.erase_line_before_cursor();
    }
    pending_ += bytes;
    return process();
}

std::vector<event> line_editor::process() {
    while (state_ == state::reading) {
        std::string_view rest = std::string_view(pending_).substr(handled_);
        const std::optional<key> pressed = decoder_.next(rest);
        handled_ = pending_.size() - rest.size();
        if (!pressed)
            break;
        handle(*pressed);
    }
    if (state_ != state::reading)
        take_interrupts();
    compact();
    return std::exchange(events_, {});
}

void line_editor::take_interrupts() {
    searched_ = std::max(searched_, handled_);
    const auto begin = pending_.begin() + static_cast<std::ptrdiff_t>(searched_);
    const auto count = std::count(begin, pending_.end(), interrupt_byte);
    searched_ = pending_.size();
    if (count == 0)
        return;
    handled_ = pending_.rfind(interrupt_byte) + 1;
    decoder_.reset();
    if (state_ != state::idle)
        finish("^C");
    events_.insert(events_.end(), static_cast<std::size_t>(count), interrupted{});
}

void line_editor::compact() {
    if (pending_.size() - handled_ > max_type_ahead) {
        pending_.resize(handled_ + max_type_ahead);
        searched_ = std::min(searched_, pending_.size());
        bell_ = true;
    }
    // Seldom, so that taking the lines of a long paste one by one costs little.
    if (handled_ < pending_.size() && handled_ * 2 < pending_.size())
        return;
    pending_.erase(0, handled_);
    searched_ -= std::min(searched_, handled_);
    handled_ = 0;
}

}  // namespace backdoor::editor
