#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "editor/history.hpp"

namespace backdoor::editor {

// Up and down through the history, over the entries that begin like the text before the cursor.
// Behind the newest entry is the draft: what was typed before the walk.
//
// Thread safety: distinct objects: safe. Shared objects: unsafe.
class history_walk {
public:
    explicit history_walk(const history& past) : past_(&past), at_(past.end()) {}

    // What to show next; nothing when there is no more.
    std::optional<std::string> older(std::string_view text, std::size_t cursor);
    std::optional<std::string> newer(std::string_view text, std::size_t cursor);
    std::optional<std::string> oldest(std::string_view text);
    std::optional<std::string> newest();

    // Another key came: the next step looks at the text before the cursor anew.
    void pause() { walking_ = false; }

private:
    void look_at(std::string_view text, std::size_t cursor);
    bool suits(history::number which, std::string_view text) const;

    const history* past_;
    history::number at_;
    history::number draft_number_ = at_;
    std::string draft_;
    std::string prefix_;
    bool walking_ = false;
};

}  // namespace backdoor::editor
