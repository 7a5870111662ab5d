#include "session/token_check.hpp"

#include <backdoor/error.hpp>

#include <algorithm>
#include <cstddef>

namespace backdoor {

namespace {

// Guessing costs a connection each: with this many letters and digits it is hopeless.
constexpr std::size_t shortest = 16;
constexpr std::size_t longest = 1024;

bool equal(std::string_view given, std::string_view token) {
    // Volatile, or a compiler could see that the first difference decides.
    volatile unsigned difference = given.size() == token.size() ? 0 : 1;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const char other = i < given.size() ? given[i] : '\0';
        difference = difference | static_cast<unsigned>(other ^ token[i]);
    }
    return difference == 0;
}

}  // namespace

void token_check::require_usable(std::string_view token) {
    if (token.size() < shortest || token.size() > longest ||
        token.find_first_of("\r\n") != std::string_view::npos) {
        throw error{"backdoor: options.token must be one line of " + std::to_string(shortest) +
                    " to " + std::to_string(longest) + " bytes, as from `openssl rand -hex 16`"};
    }
}

token_check::verdict token_check::receive(std::string_view& bytes) {
    const auto end = bytes.find('\n');
    line_.append(bytes.substr(0, std::min(end, longest + 2)));
    if (end == std::string_view::npos) {
        bytes = {};
        return line_.size() > longest + 1 ? verdict::wrong : verdict::more;
    }
    bytes.remove_prefix(end + 1);
    if (line_.ends_with('\r')) {
        line_.pop_back();
    }
    return equal(line_, token_) ? verdict::right : verdict::wrong;
}

}  // namespace backdoor
