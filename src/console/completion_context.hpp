// What it is that was begun to be typed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backdoor {

/// What stands before the cursor, as far as completion needs to know. No Python here.
struct completion_context {
    /// From one object to the next.
    struct step {
        enum class kind {
            name,    ///< .text, and the first of all
            key,     ///< ['text']
            number,  ///< [text]
            string,  ///< '...', and the first of all
            bytes,   ///< the same of b'...'
        };
        step::kind what = kind::name;
        std::string text;
    };
    using expression = std::vector<step>;

    enum class kind {
        nothing,
        name,       ///< and perhaps a key of object, where object[ stands before it
        attribute,  ///< object.begun
        module,     ///< import package.begun
        member,     ///< from package import begun
        key,        ///< object['begun
        file,       ///< 'begun
    };

    kind what = kind::nothing;
    std::string begun;
    expression object{};
    std::string package{};
    char quote = 0;       ///< that begins a key
    expression callee{};  ///< of the call whose argument a name begins
};

/// `text` ends at the cursor.
completion_context completion_context_of(std::string_view text);

}  // namespace backdoor
