#pragma once

#include <cstddef>
#include <string>
#include <variant>

namespace backdoor::editor {

// What the keys typed came to.

// A whole block: its lines joined by '\n', with a final '\n'.
struct submitted {
    std::string text;
    bool operator==(const submitted&) const = default;
};

// Control-C. The block is gone, and so is everything typed before the key. It comes at once, also
// while nothing is read or a question waits: an answer to that question must not be given any more.
struct interrupted {
    bool operator==(const interrupted&) const = default;
};

// Control-D on an empty block.
struct end_of_input {
    bool operator==(const end_of_input&) const = default;
};

// Control-Z. The block stays, and is still edited.
struct suspended {
    bool operator==(const suspended&) const = default;
};

// Enter on the last line: is the block whole? Answer with judge(). The text is what submitted would
// have: an empty last line, which ends a compound statement in Python, shows as "\n\n" at its end.
struct wants_judgement {
    std::string text;
    bool operator==(const wants_judgement&) const = default;
};

// Tab: answer with complete(). The cursor counts bytes.
struct wants_completion {
    std::string text;
    std::size_t cursor;
    bool operator==(const wants_completion&) const = default;
};

using event = std::variant<submitted, interrupted, end_of_input, suspended, wants_judgement,
                           wants_completion>;

// What a wrong block leads to is an error that Python shows, so it is submitted like a whole one.
enum class verdict { whole, incomplete, wrong };

}  // namespace backdoor::editor
