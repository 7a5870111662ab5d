// The first line of a client that has to show a token.
#pragma once

#include <string>
#include <string_view>

namespace backdoor {

/// Gathers the line and compares it, in a time that tells nothing of the token but its length.
class token_check {
public:
    enum class verdict { more, right, wrong };

    /// Throws error where this is no token to be used: too short, or more than a line.
    static void require_usable(std::string_view token);

    explicit token_check(std::string_view token) : token_{token} {}

    /// Takes the line from the front of `bytes`; what stays there comes behind it.
    verdict receive(std::string_view& bytes);

private:
    const std::string_view token_;
    std::string line_;
};

}  // namespace backdoor
