// How clients' sockets are set.
#pragma once

#include <chrono>

namespace backdoor {

/// How long a client may take to close its side after the last byte from us.
inline constexpr std::chrono::seconds linger{5};

/// Of a client that types and reads, over TCP or not.
void set_options(int client);

}  // namespace backdoor
