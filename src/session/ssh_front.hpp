// Lets clients in by SSH keys.
#pragma once

#include "session/front.hpp"
#include "ssh/gate.hpp"

#include <memory>
#include <string>

namespace backdoor {

class ssh_front final : public front {
public:
    /// Loads libssh. Throws error.
    explicit ssh_front(session_group& group);

private:
    std::shared_ptr<front_client> make(connection client, const visitor& who) override;
    std::string reason_to_refuse(const std::string& origin) const override;

    const std::unique_ptr<ssh::gate> keys_;
};

}  // namespace backdoor
