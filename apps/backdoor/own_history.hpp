// What the user has typed at consoles' prompts, in a file of his own.
#pragma once

#include "history/history_file.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace backdoor::client {

/// As frames have it: blocks, each with a zero byte behind it.
class own_history {
public:
    explicit own_history(std::string path) : file_{std::move(path)} {}

    /// What the server is to know: the newest blocks, as many as it takes. Throws failure where the file
    /// cannot be used.
    std::string past() const;

    /// Takes a piece of what was typed, and writes what is whole, but for what may hold a secret.
    void add(std::string_view piece);
    /// Why there is something that is not in the file; empty: all is.
    const std::string& problem() const { return problem_; }

private:
    history_file file_;
    std::string unwritten_;
    std::string problem_;
};

}  // namespace backdoor::client
