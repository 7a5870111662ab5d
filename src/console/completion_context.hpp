// What it is that was begun to be typed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backdoor {

/// What stands before the cursor, as far as completion needs to know. No Python here.
struct completion_context {
    enum class kind {
        nothing,
        name,
        attribute,  ///< path.begun
        module,     ///< import path.begun
        member,     ///< from path import begun
        key,        ///< path['begun
        file,       ///< 'begun
    };

    kind what = kind::nothing;
    std::vector<std::string> path;  ///< names, dot by dot
    std::string begun;              ///< of the last one
    char quote = 0;                 ///< that begins a key
    std::vector<std::string> callee{};  ///< of the call whose argument a name begins
};

/// `text` ends at the cursor.
completion_context completion_context_of(std::string_view text);

}  // namespace backdoor
