#include "session/ssh_front.hpp"

#include "session/access.hpp"
#include "session/module.hpp"
#include "session/session_group.hpp"
#include "session/ssh_client.hpp"

#include <backdoor/error.hpp>

#include <string>

namespace backdoor {

namespace {

ssh::make_gate_function* load() {
    try {
        return reinterpret_cast<ssh::make_gate_function*>(
            load_function(module_path("backdoor-ssh.so"), ssh::make_gate_name, "SSH"));
    } catch (const error& missing) {
        throw error{std::string{missing.what()} +
                    "; SSH needs the whole of backdoor, and libssh (Debian: libssh-4)"};
    }
}

std::unique_ptr<ssh::gate> make_gate(session_group& group) {
    const auto& choices = group.choices();
    return std::unique_ptr<ssh::gate>{
        load()({choices.ssh_authorized_keys, choices.ssh_host_key,
                [&group](std::string_view line) { group.log(line); }})};
}

}  // namespace

ssh_front::ssh_front(session_group& group) : front{group}, keys_{make_gate(group)} {
    group.log("backdoor is known to SSH clients by the key " + keys_->fingerprint());
}

std::shared_ptr<front_client> ssh_front::make(connection client, const visitor& who) {
    return std::make_shared<ssh_client>(group().shared_from_this(), *this, *keys_,
                                        std::move(client), who);
}

// A client may be here without a session.
std::string ssh_front::reason_to_refuse(const std::string& origin) const {
    const auto& choices = group().choices();
    if (clients() >= choices.max_connections) {
        return "too many connections (options.max_connections)";
    }
    return clients_of(origin) >= choices.max_connections_per_peer
               ? "too many connections (options.max_connections_per_peer)"
               : std::string{};
}

}  // namespace backdoor
