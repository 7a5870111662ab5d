// What the client is asked to do.
#pragma once

#include "conversation.hpp"
#include "tls_stream.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace backdoor::client {

struct request {
    bool list = false;
    std::string target;
    std::vector<program> programs;  ///< in their order
    bool interactive = false;       ///< a prompt behind them
    bool wait = false;
    std::optional<std::chrono::milliseconds> timeout;
    std::string token;
    std::optional<tls_files> tls;
    prompt_choices prompt;
};

/// Reads the files that it names, and standard input where that is the program. Throws
/// failure, without a message where everything has been said already.
request parse_command_line(int argc, char** argv);

}  // namespace backdoor::client
