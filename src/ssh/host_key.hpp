// What the server is known by.
#pragma once

#include "ssh/handles.hpp"

#include <string>

namespace backdoor::ssh {

/// The private key in that file. Where there is none it is made, an Ed25519 one with mode 0600; of
/// several processes that make it at the same time one does. Throws error, where it is no key, or
/// others can read or change it.
key_handle load_or_make_host_key(const std::string& path);

}  // namespace backdoor::ssh
