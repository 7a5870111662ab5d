#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "editor/history.hpp"

namespace backdoor::editor {

// C-r and C-s: finds what is typed, in the block and in the history, while it is typed.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class incremental_search {
public:
    enum class direction { backward, forward };

    static constexpr std::size_t max_steps = 1024;

    incremental_search(const history& past, std::string draft, std::size_t cursor, direction where);

    // Each is false when nothing is found, or nothing is left to take back.
    bool type(std::string_view characters);
    bool again(direction where, std::string_view last_pattern);
    bool take_back();

    // Where the search is.
    const std::string& text() const { return text_; }
    std::size_t cursor() const { return now().offset; }
    const std::string& pattern() const { return now().pattern; }
    std::string prompt() const;

private:
    struct step {
        std::string pattern;
        history::number entry;
        std::size_t offset;
        direction where;
        bool failed;
    };

    const step& now() const { return steps_.back(); }
    const std::string& text_of(history::number entry) const;
    bool find(step& next, bool beyond) const;
    bool find_in(step& next, history::number entry, std::size_t from) const;
    bool take(step next, bool beyond);

    const history* past_;
    history::number draft_number_;
    std::string draft_;
    std::string text_;
    std::vector<step> steps_;
};

}  // namespace backdoor::editor
