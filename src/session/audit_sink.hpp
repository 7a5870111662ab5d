// Where an audit log goes: a file, or the system's log.
#pragma once

#include <backdoor/audit.hpp>

#include <memory>
#include <string>

namespace backdoor {

class audit_sink {
public:
    virtual ~audit_sink() = default;

    /// The event is with the system when this returns. Throws error where it is not.
    virtual void write(const audit_event& event) = 0;
};

/// Appends to a file: made with mode 0600, made anew where it was rotated away. Throws error where
/// it cannot be opened.
std::unique_ptr<audit_sink> make_audit_file(const std::string& path);

/// Sends to the system's log (syslog, or the systemd journal in its place) at that socket; never
/// waits, what it does not take is an error.
std::unique_ptr<audit_sink> make_audit_syslog(std::string socket_path);

}  // namespace backdoor
