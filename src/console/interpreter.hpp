// Starting CPython inside somebody else's process.
#pragma once

#include <string>

namespace backdoor {

/// Starts CPython on the calling thread, which from then on is its main thread, and leaves the GIL
/// free. Changes nothing else of the process: no signal handler, no locale, no stdio buffering.
/// Returns why it failed, or nothing.
std::string start_interpreter();

/// We started it: nobody else's main module, and nobody else to finalize it.
bool interpreter_is_ours();

/// Gives the calling thread the UTF-8 character set, where the interpreter is ours: C++ programs
/// often run in the "C" locale, and Python's files and paths would be ASCII. Others keep theirs.
void use_utf8_on_this_thread();

}  // namespace backdoor
