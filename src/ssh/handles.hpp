// Owners of what libssh gives.
#pragma once

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>

#include <memory>
#include <string>

namespace backdoor::ssh {

template <auto free_handle>
struct freed_by {
    template <class Handle>
    void operator()(Handle* handle) const {
        free_handle(handle);
    }
};

using key_handle = std::unique_ptr<ssh_key_struct, freed_by<ssh_key_free>>;
using bind_handle = std::unique_ptr<ssh_bind_struct, freed_by<ssh_bind_free>>;
using session_handle = std::unique_ptr<ssh_session_struct, freed_by<ssh_free>>;
using text_handle = std::unique_ptr<char, freed_by<ssh_string_free_char>>;
using event_handle = std::unique_ptr<ssh_event_struct, freed_by<ssh_event_free>>;

/// "SHA256:...", as ssh-keygen -l shows it.
std::string fingerprint(ssh_key key);

}  // namespace backdoor::ssh
