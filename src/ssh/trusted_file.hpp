// Files that say who may come in.
#pragma once

#include <string>

namespace backdoor::ssh {

/// The text of a file that nobody but root and this process's user can have changed: it, and every
/// folder on the way to it, belongs to one of the two, and is not writable for others (sshd's
/// StrictModes; from a folder with the sticky bit others cannot take the file away). `secret`: others
/// may not even read it. Throws error, which names the file and what is wrong with it.
std::string read_trusted_file(const std::string& path, bool secret = false);

}  // namespace backdoor::ssh
