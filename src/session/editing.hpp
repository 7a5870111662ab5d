// What a console and its client's line editor tell each other.
#pragma once

#include "editor/event.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace backdoor {

/// What a console may know of its client's terminal.
struct screen {
    int columns = 80;
    int rows = 24;
    bool colour = false;
};

enum class read_kind {
    statement,  ///< at the prompt
    line,       ///< input(), sys.stdin
    secret,     ///< a line that is not shown
};

/// What a console reads next. An editor shows a line's prompt where the cursor stands: its text was
/// written before.
struct reading {
    read_kind kind = read_kind::line;
    std::string_view prompt{};
    std::string_view continuation{};
    bool is_shown = false;  ///< the prompt stands there already
};

/// The same, for the editor.
struct request {
    read_kind kind = read_kind::line;
    std::string prompt;
    std::string continuation;
    bool operator==(const request&) const = default;
};

/// What only the console knows. It answers between its commands.
using question = std::variant<editor::wants_judgement, editor::wants_completion>;

struct completions {
    std::vector<std::string> candidates;
    std::size_t replaced = 0;  ///< bytes before the cursor that each stands for
};
using answer = std::variant<editor::verdict, completions>;

/// All that a console has for its client's editor, in the order in which it is to be taken.
struct console_news {
    std::string text;  ///< to be printed
    std::optional<answer> answered;
    std::optional<request> wanted;
};

}  // namespace backdoor
