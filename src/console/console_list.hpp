// consoles() at the prompt: who is connected, and what runs.
#pragma once

#include "console/ref.hpp"
#include "console/runner.hpp"

#include <cstdint>
#include <memory>

namespace backdoor {

/// The function `consoles`: a list with an entry for each client of this process, and for each
/// command that was left behind and has not ended. Throws python_error.
ref make_consoles_function();

/// The list has it from now on until it has ended. `client` is the one that gave the command.
void remember_left_behind(std::uint64_t client, std::shared_ptr<runner> command);

}  // namespace backdoor
