// A channel whose client has a terminal.
#include "session/channel.hpp"

#include <utility>

namespace backdoor {

// ---- the console's side -----------------------------------------------------------------------

bool channel::has_terminal() const {
    const lock guard{mutex_};
    return editor_ != nullptr;
}

std::optional<screen> channel::terminal_screen() const {
    const lock guard{mutex_};
    return editor_ ? std::optional{editor_->shown} : std::nullopt;
}

std::string channel::take_block() {
    const lock guard{mutex_};
    if (!editor_) {
        return {};
    }
    auto lines = input_.take_all();
    want_input_where_it_has_room();
    return lines;
}

void channel::request_from_editor(const reading& what) {
    if (editor_ && !std::exchange(editor_->reads, true)) {
        editor_->news.wanted =
            request{what.kind, std::string{what.prompt}, std::string{what.continuation}};
        call_editor();
    }
}

void channel::forget_request() {
    if (editor_) {
        editor_->reads = false;
        editor_->news.wanted.reset();
    }
}

void channel::call_editor() {
    if (client_ != nullptr && !std::exchange(editor_->called, true)) {
        client_->want_attention();
    }
}

question channel::take_question() {
    const lock guard{mutex_};
    if (!editor_ || !editor_->asked) {
        return {};
    }
    editor_->answering = true;
    auto what = std::move(*editor_->asked);
    editor_->asked.reset();
    return what;
}

void channel::give(answer known) {
    const lock guard{mutex_};
    if (editor_ && std::exchange(editor_->answering, false)) {
        editor_->news.answered = std::move(known);
        call_editor();
    }
}

// ---- the session's side -----------------------------------------------------------------------

void channel::attach_editor(bool reads, screen shown) {
    const lock guard{mutex_};
    editor_ = std::make_unique<editor_link>();
    editor_->shown = shown;
    editor_->reads = reads;
    notify();
}

void channel::set_screen(screen shown) {
    const lock guard{mutex_};
    if (editor_) {
        editor_->shown = shown;
    }
}

void channel::detach_editor() {
    const lock guard{mutex_};
    if (const auto link = std::exchange(editor_, nullptr)) {
        append(link->news.text);
        send_gathered();
        notify();
    }
}

console_news channel::take_news() {
    const lock guard{mutex_};
    if (!editor_ || output_.unsent() >= max_output_) {
        // Later: what the client does not take is not printed.
        return {};
    }
    const bool was_full = full();
    editor_->called = false;
    auto news = std::exchange(editor_->news, {});
    if (was_full && !full()) {
        notify();
    }
    return news;
}

void channel::show(std::string_view bytes) {
    const lock guard{mutex_};
    if (client_ != nullptr) {
        output_.append(bytes);
        send_output();
    }
}

void channel::reply(std::string line) {
    const lock guard{mutex_};
    if (editor_) {
        editor_->reads = false;
        editor_->line = std::move(line);
        notify();
    }
}

void channel::ask(question what) {
    const lock guard{mutex_};
    if (editor_) {
        editor_->news.answered.reset();
        editor_->answering = false;
        editor_->asked = std::move(what);
        notify();
    }
}

void channel::take_back_question() {
    const lock guard{mutex_};
    if (editor_) {
        editor_->asked.reset();
        editor_->answering = false;
        editor_->news.answered.reset();
    }
}

}  // namespace backdoor
