// Sending on a channel, whatever its client says of itself.
#pragma once

#include "ssh/handles.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace backdoor::ssh {

/// The most that one call sends, in not more than a few dozens of packets.
inline constexpr std::size_t longest_write = 32 * 1024;

/// ssh_channel_write() of what the client's window takes, or ssh_channel_write_stderr(). Returns how much
/// that was. None where the client wants it in crumbs: its session must not be used any more, but be freed.
std::optional<std::size_t> bounded_write(ssh_channel channel, std::string_view bytes, bool is_error);

}  // namespace backdoor::ssh
