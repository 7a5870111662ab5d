// Who is connected to the servers of this process, for consoles() at the prompt.
#pragma once

#include "console/engine.hpp"

#include <backdoor/export.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace backdoor {

struct connected_client {
    std::uint64_t number;  ///< counts all connections of the process from 1 on
    std::string peer;      ///< its address, and what it has proven; empty on a unix socket
    std::chrono::system_clock::time_point since;
    std::shared_ptr<console> interpreter;  ///< null where nothing has been typed yet
};

/// In the order in which they came. These wait for the IO thread, which waits for nobody.
/// Thread safety: from any thread but that, without the GIL.
BACKDOOR_API std::vector<connected_client> connected_clients();
/// As its own Ctrl-C. False where it has gone.
BACKDOOR_API bool interrupt_client(std::uint64_t number);
/// Ends its session, and with it its console. False where it has gone.
BACKDOOR_API bool close_client(std::uint64_t number);
/// Ends all sessions in which something has been typed: there will be no Python any more.
BACKDOOR_API void close_clients_with_consoles();

}  // namespace backdoor
