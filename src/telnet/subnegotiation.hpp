#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "telnet/event.hpp"

namespace backdoor::telnet {

// The parameters of a subnegotiation, without its option. Nothing comes back from what is
// malformed. Stateless, so safe to call from any thread.

inline constexpr window_size default_window{80, 24};
inline constexpr int max_window = 1000;
inline constexpr std::size_t max_terminal_type = 40;

// A zero means that the peer does not know: it stays at `known`. Large numbers are clamped.
std::optional<window_size> parse_window_size(std::string_view parameters, window_size known);

std::optional<terminal_type> parse_terminal_type(std::string_view parameters);

}  // namespace backdoor::telnet
