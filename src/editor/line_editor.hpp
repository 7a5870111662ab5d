#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "editor/block_editor.hpp"
#include "editor/event.hpp"
#include "editor/history.hpp"
#include "editor/history_walk.hpp"
#include "editor/incremental_search.hpp"
#include "editor/key_decoder.hpp"
#include "editor/keymap.hpp"
#include "editor/printout.hpp"
#include "editor/prompt.hpp"
#include "editor/renderer.hpp"
#include "editor/settings.hpp"

namespace backdoor::editor {

// One client's line editor: the bytes of its keys in, bytes for its terminal and events out. The
// terminal is in raw mode: it neither echoes nor translates.
//
// It reads from begin() until submitted, interrupted or end_of_input comes out, or cancel(). What
// is typed while it does not read, or while a question waits for its answer, is kept for later; an
// interrupt is not kept. Nothing is drawn before take_output().
//
// No function throws anything but std::bad_alloc.
//
// Thread safety: distinct objects: safe, if each has its history. Shared objects: unsafe.
class line_editor {
public:
    static constexpr std::size_t max_type_ahead = 16u << 20;
    static constexpr std::size_t max_highlighted = 1u << 20;

    // The history lives longer than the editor.
    explicit line_editor(history& past, settings chosen = {});

    // Reads a block. Events come of what was typed ahead.
    std::vector<event> begin(std::string_view prompt, std::string_view continuation);

    // Reads one line, as input() and getpass() do: no history, no highlighting, no questions. What
    // is typed without echo goes nowhere but into the event. An empty prompt stands for what was
    // printed last and did not end its line.
    std::vector<event> begin_plain(std::string_view prompt, bool echo);

    // Reads no more; what was typed stays on the screen. Before a connection is closed too: it
    // gives the terminal its own ways back.
    void cancel();

    // The same where another takes over, who shows the prompt of a block himself: an empty block is
    // taken off the screen, and behind an empty line's prompt the cursor stays.
    void hand_over();

    std::vector<event> feed(std::string_view bytes);

    // The answers. Ignored when there is no such question.
    std::vector<event> judge(verdict answer);
    // `replaced`: how many bytes before the cursor each candidate stands for.
    std::vector<event> complete(const std::vector<std::string>& candidates, std::size_t replaced);

    void resize(int columns, int rows);
    // Whether to highlight.
    void set_colour(bool on);

    // All that the program prints comes through here, so that the editor knows whether a prompt
    // begins at the left edge. While it reads, the output appears above the prompt. Lines end '\n'.
    void print_above(std::string_view output);

    // What to send to the terminal.
    std::string take_output();

    bool is_reading() const { return state_ != state::idle; }
    const std::string& text() const { return block_.text(); }
    std::size_t cursor() const { return block_.cursor(); }

private:
    enum class state { idle, reading, judging, completing };
    enum class mode { block, line, secret };

    void start(mode what, std::string_view first, std::string_view continuation);
    void finish(std::string_view mark);
    std::vector<event> process();
    void take_interrupts();
    void compact();

    void handle(const key& pressed);
    bool handle_in_search(command what, const key& pressed);
    void run(command what, const key& pressed);
    void enter();
    void new_line(bool indented);
    void submit(std::string text);
    void tab();
    void list(const std::vector<std::string>& candidates);
    void step_history(command what);
    void search(incremental_search::direction where);
    void paste(const std::string& text);
    void clear_screen();
    void ring_unless(bool done) { bell_ |= !done; }
    void draw();

    history* past_;
    settings settings_;
    key_decoder decoder_;
    block_editor block_;
    history_walk walk_;
    std::optional<incremental_search> search_;
    std::string last_pattern_;
    prompt first_;
    prompt continuation_;

    state state_ = state::idle;
    mode mode_ = mode::block;
    std::string question_;  // what was asked about
    bool after_control_x_ = false;
    bool tabbed_ = false;             // the key before was a Tab that led to nothing
    bool burst_ = false;              // lines come faster than keys: a paste without brackets
    bool indents_ = true;             // the line that the judge may ask for
    bool fresh_indentation_ = false;  // nothing was typed since

    std::string pending_;       // typed, not yet handled
    std::size_t handled_ = 0;   // of it
    std::size_t searched_ = 0;  // of it, for interrupts
    std::vector<event> events_;

    renderer renderer_;
    printout printout_;
    std::size_t top_ = 0;
    bool changed_ = false;  // since it was drawn
    bool bell_ = false;
    std::string output_;
};

}  // namespace backdoor::editor
