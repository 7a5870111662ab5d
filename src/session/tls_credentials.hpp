// A server's TLS credentials, as the files have them now.
#pragma once

#include "tls/tls.hpp"

#include <backdoor/options.hpp>

#include <sys/stat.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

namespace backdoor {

/// Reads the files again when they have changed; where they are not good then, goes on with those it has.
/// Thread safety: none.
class tls_credentials {
public:
    /// `log` is told of a reload, and once of one that fails. Loads OpenSSL. Throws error.
    tls_credentials(const options& choices, std::function<void(std::string_view)> log);

    /// For a new client. Throws std::runtime_error.
    std::unique_ptr<tls::connection> accept();

private:
    /// What tells a file from another, and from what it was.
    struct stamp {
        dev_t device = 0;
        ino_t inode = 0;
        off_t size = 0;
        timespec changed{};

        bool operator==(const stamp& other) const;
    };
    using stamps = std::array<stamp, 3>;

    stamps look() const;
    void load();
    void reload_where_changed();

    const tls::files files_;
    const std::vector<std::string> allowed_names_;
    const std::function<void(std::string_view)> log_;
    stamps seen_;
    std::unique_ptr<tls::credentials> current_;
    std::chrono::steady_clock::time_point looked_;
};

/// Of the module with OpenSSL inside, loaded at the first call, or linked in. Throws error where there
/// is none.
tls::load_credentials_function& load_tls_credentials();

}  // namespace backdoor
