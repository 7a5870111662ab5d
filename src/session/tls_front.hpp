// Lets clients in by TLS certificates.
#pragma once

#include "session/front.hpp"
#include "session/handshake_gate.hpp"
#include "session/tls_credentials.hpp"

#include <memory>
#include <unordered_set>

namespace backdoor {

class tls_bridge;

class tls_front final : public front {
public:
    explicit tls_front(session_group& group);
    ~tls_front() override;

    void receive(connection client) override;
    void close() override;
    bool empty() const override { return clients_.empty(); }

    void remove(const std::shared_ptr<tls_bridge>& gone);

private:
    session_group& group_;
    tls_credentials credentials_;
    handshake_gate gate_;
    std::unordered_set<std::shared_ptr<tls_bridge>> clients_;
};

}  // namespace backdoor
