// How a server is found by `backdoor --list`, wherever it listens.
#pragma once

#include <backdoor/listener.hpp>
#include <backdoor/options.hpp>

namespace backdoor {

/// A socket that nobody can connect to, with the abstract name "backdoor/KIND/PID/ADDRESS", which
/// /proc/net/unix shows to all users while it is open: KIND is unix, tcp, tls or ssh. Nothing of it is
/// in the file system, and it is gone with the process, however that ends. Nothing for an abstract
/// name, and where it cannot be had: it is a convenience.
unique_fd announce(const listener& door, const options& choices) noexcept;

}  // namespace backdoor
