// getpass.getpass() at a prompt.
#pragma once

namespace backdoor {

/// While one exists, getpass() asks the console's client for a password where a console's code calls
/// it, without showing what is typed where the client has an editor. Python's own would ask at the
/// terminal that the process was started from. Guarded by the GIL.
class getpass_routing {
public:
    /// Throws python_error.
    getpass_routing();
    getpass_routing(const getpass_routing&) = delete;
    getpass_routing& operator=(const getpass_routing&) = delete;
    ~getpass_routing();
};

}  // namespace backdoor
