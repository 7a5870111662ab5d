// The consoles that can be found: those whose sockets are in the places for them, and those that are
// announced.
#pragma once

#include "target.hpp"

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace backdoor::client {

struct found_console {
    target where;      ///< its address
    std::string keys;  ///< "TLS" or "SSH", where such a client is asked for
    bool announced = false;
    pid_t process = 0;   ///< 0 where the system does not tell
    std::string program;
    std::string user;
    std::chrono::seconds uptime{};  ///< of the process
};

/// $XDG_RUNTIME_DIR/backdoor and /run/backdoor, where "unix:" puts sockets; for root those of all
/// users too.
std::vector<std::string> places();

/// Those that listen in these places and those that are announced (session/announcement.hpp), by
/// program and process. Nobody is connected to, so that looking leaves no trace in anybody's log.
std::vector<found_console> find_consoles(const std::vector<std::string>& where);

/// Where the one console is that a process's number or a name means. Throws failure where there is
/// none, or more than one.
target find_console(const target& wanted, const std::vector<std::string>& where);

}  // namespace backdoor::client
