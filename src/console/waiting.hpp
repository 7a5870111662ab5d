// How Python code waits for its client.
#pragma once

#include "session/channel.hpp"

#include <string>
#include <string_view>

namespace backdoor {

/// As the channel's own, called with the GIL: a thread waits without it, a greenlet lets its hub run.
/// Throws python_error with what is thrown into the greenlet meanwhile.
outcome read_line(channel& io, const reading& what, std::string& line);
outcome write(channel& io, std::string_view text, sink to = sink::output);

/// Writes for the console itself. What is thrown into the greenlet meanwhile is not heeded.
void say(channel& io, std::string_view text);

}  // namespace backdoor
