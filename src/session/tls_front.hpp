// Lets clients in by TLS certificates.
#pragma once

#include "session/front.hpp"
#include "session/tls_credentials.hpp"

namespace backdoor {

class tls_front final : public front {
public:
    /// Loads OpenSSL. Throws error.
    explicit tls_front(session_group& group);

private:
    std::shared_ptr<front_client> make(connection client, const visitor& who) override;

    tls_credentials credentials_;
};

}  // namespace backdoor
