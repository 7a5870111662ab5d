// Certificates, made by the openssl command when they are needed.
#pragma once

#include <backdoor/options.hpp>

#include <string>

#include "support/host.hpp"

namespace backdoor::test {

struct certificate {
    std::string file;
    std::string key;
};

/// Signs certificates; what it makes is gone with it.
class authority {
public:
    explicit authority(const std::string& name = "authority");

    std::string file() const { return scratch_ / "ca.pem"; }
    /// For a subject like "/CN=alice". `more`: options of `openssl x509 -req`.
    certificate issue(const std::string& subject, const std::string& more = "-days 2") const;
    /// Takes one back: into a list of revoked certificates, which is put into file().
    void revoke(const certificate& one) const;

    const scratch_directory& scratch() const { return scratch_; }

private:
    const scratch_directory scratch_;
};

/// Runs a command of the shell, and throws what it printed where it fails.
void run_command(const std::string& command);

}  // namespace backdoor::test
