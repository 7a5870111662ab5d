// Lets clients in by SSH keys.
#pragma once

#include "session/front.hpp"
#include "session/handshake_gate.hpp"
#include "ssh/gate.hpp"

#include <memory>
#include <string>
#include <unordered_set>

namespace backdoor {

class ssh_client;

class ssh_front final : public front {
public:
    /// Loads libssh. Throws error.
    explicit ssh_front(session_group& group);
    ~ssh_front() override;

    void receive(connection client) override;
    void close() override;
    bool empty() const override { return clients_.empty(); }

    void remove(const std::shared_ptr<ssh_client>& gone);

private:
    std::string reason_to_refuse(const std::string& origin) const;

    session_group& group_;
    const std::unique_ptr<ssh::gate> keys_;
    handshake_gate gate_;
    std::unordered_set<std::shared_ptr<ssh_client>> clients_;
};

}  // namespace backdoor
