#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "editor/line_editor.hpp"
#include "terminal.hpp"

namespace backdoor::editor::test {

using events = std::vector<event>;

// An editor and the terminal in front of it.
struct client {
    explicit client(settings chosen = {});

    // A new block, by Python's prompts.
    void begin();

    // Types the keys, a line at a time. Questions are answered: a block is incomplete while its
    // first line ends in ':' and its last one is not empty. Returns what came of it, without the
    // questions.
    events type(std::string_view keys);
    // All at once.
    events type_at_once(std::string_view keys);
    // Without answers.
    events feed(std::string_view keys);
    void print(std::string_view output);
    void resize(int columns, int rows);

    // What was sent to the terminal, and sends it.
    std::string show();

    // The text with '|' for the cursor.
    std::string block() const;
    std::vector<std::string> screen() const { return shown.text(); }

    history past;
    line_editor editor;
    terminal shown;
    std::string sent;  // by the last call
};

verdict judge_by_colon(std::string_view text);

namespace keys {
inline constexpr std::string_view up = "\x1b[A";
inline constexpr std::string_view down = "\x1b[B";
inline constexpr std::string_view right = "\x1b[C";
inline constexpr std::string_view left = "\x1b[D";
}  // namespace keys

}  // namespace backdoor::editor::test
