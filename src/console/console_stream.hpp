// A console's stdin, stdout and stderr, as Python objects.
#pragma once

#include "console/console_state.hpp"

namespace backdoor {

/// Python's own text streams over the console's channel, as `python3 -u -i` has them over its file
/// descriptors: unbuffered, UTF-8, bytes that are none as lone surrogates.
/// Throws python_error.
ref make_input_stream(std::shared_ptr<channel> io);
ref make_output_stream(std::shared_ptr<channel> io, bool is_stderr);

}  // namespace backdoor
