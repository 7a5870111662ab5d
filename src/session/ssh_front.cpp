#include "session/ssh_front.hpp"

#include "session/access.hpp"
#include "session/module.hpp"
#include "session/session_group.hpp"
#include "session/ssh_client.hpp"

#include <backdoor/error.hpp>

#include <algorithm>
#include <string>
#include <vector>

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

ssh_front::ssh_front(session_group& group)
    : group_{group}, keys_{make_gate(group)}, gate_{group.choices()} {
    group_.log("backdoor is known to SSH clients by the key " + keys_->fingerprint());
}

ssh_front::~ssh_front() = default;

std::string ssh_front::reason_to_refuse(const std::string& origin) const {
    // A client may be here without a session.
    const auto same = std::count_if(clients_.begin(), clients_.end(), [&](const auto& one) {
        return one->origin() == origin;
    });
    const auto& choices = group_.choices();
    if (clients_.size() >= choices.max_connections) {
        return "too many connections (options.max_connections)";
    }
    return static_cast<std::size_t>(same) >= choices.max_connections_per_peer
               ? "too many connections (options.max_connections_per_peer)"
               : std::string{};
}

void ssh_front::receive(connection client) {
    const auto peer = client.peer();
    visitor who;
    try {
        who.origin = origin(client.fd());
        auto reason = reason_to_refuse(who.origin);
        if (!reason.empty()) {
            group_.refuse(peer, who, reason);
            return;
        }
        const auto one =
            std::make_shared<ssh_client>(group_.shared_from_this(), *this, peer, who);
        auto place = gate_.enter(who.origin, [weak = std::weak_ptr{one}] {
            if (const auto waiting = weak.lock()) {
                waiting->give_up();
            }
        });
        if (!place) {
            group_.refuse(peer, who, "its address begins too many handshakes "
                                     "(options.max_handshake_rate)");
            return;
        }
        clients_.insert(one);
        one->start(std::move(place), client.release(), *keys_);
    } catch (const std::exception& failure) {
        group_.refuse(peer, who, failure.what());
    }
}

void ssh_front::close() {
    const std::vector all(clients_.begin(), clients_.end());
    for (const auto& one : all) {
        one->close();
    }
}

void ssh_front::remove(const std::shared_ptr<ssh_client>& gone) {
    if (clients_.erase(gone) != 0) {
        group_.front_emptied();
    }
}

}  // namespace backdoor
