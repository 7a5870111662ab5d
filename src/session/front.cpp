#include "session/front.hpp"

#include "session/access.hpp"
#include "session/session_group.hpp"
#include "session/ssh_front.hpp"
#include "session/tls_front.hpp"

#include <backdoor/error.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace backdoor {

namespace {

bool asks_for_tls(const options& choices) {
    const bool some = !choices.tls_certificate.empty() || !choices.tls_key.empty() ||
                      !choices.tls_client_ca.empty();
    const bool all = !choices.tls_certificate.empty() && !choices.tls_key.empty() &&
                     !choices.tls_client_ca.empty();
    if ((some && !all) || (!some && !choices.tls_allowed_names.empty())) {
        throw error{"backdoor: TLS needs all of options.tls_certificate, tls_key and "
                    "tls_client_ca: without a client's certificate nobody enters"};
    }
    return all;
}

bool asks_for_ssh(const options& choices) {
    const bool keys = !choices.ssh_authorized_keys.empty();
    const bool host_key = !choices.ssh_host_key.empty();
    if (keys != host_key) {
        throw error{"backdoor: SSH needs both options.ssh_authorized_keys, the keys that may enter, "
                    "and options.ssh_host_key, a file that is made where there is none"};
    }
    if (keys && !choices.token.empty()) {
        throw error{"backdoor: options.token cannot be asked of SSH clients, who show a key; leave "
                    "one of the two out"};
    }
    return keys;
}

}  // namespace

front::front(session_group& group) : group_{group}, gate_{group.choices()} {}

std::size_t front::clients_of(const std::string& origin) const {
    return static_cast<std::size_t>(
        std::count_if(clients_.begin(), clients_.end(),
                      [&](const auto& one) { return one->who().origin == origin; }));
}

void front::receive(connection client) {
    const auto peer = client.peer();
    visitor who;
    try {
        who.origin = origin(client.fd());
        auto reason = reason_to_refuse(who.origin);
        // The gate may close another client, whose place is free then.
        const auto waiting = std::make_shared<std::weak_ptr<front_client>>();
        auto place = reason.empty() ? gate_.enter(who.origin,
                                                  [waiting] {
                                                      if (const auto longest = waiting->lock()) {
                                                          longest->give_up();
                                                      }
                                                  })
                                    : nullptr;
        if (!place) {
            group_.refuse(peer, who,
                          reason.empty() ? "its address begins too many handshakes "
                                           "(options.max_handshake_rate)"
                                         : reason);
            return;
        }
        const auto one = make(std::move(client), who);
        *waiting = one;
        clients_.insert(one);
        one->start(std::move(place));
    } catch (const std::exception& failure) {
        group_.refuse(peer, who, failure.what());
    }
}

void front::close() noexcept {
    while (!clients_.empty()) {
        const auto one = *clients_.begin();
        one->close();
    }
}

void front::remove(const std::shared_ptr<front_client>& gone) noexcept {
    if (clients_.erase(gone) != 0) {
        group_.front_emptied();
    }
}

bool asks_for_keys(const options& choices) {
    const bool tls = asks_for_tls(choices);
    const bool ssh = asks_for_ssh(choices);
    if (tls && ssh) {
        throw error{"backdoor: a server speaks TLS or SSH; for both start two"};
    }
    return tls || ssh;
}

std::unique_ptr<front> make_front(session_group& group) {
    if (!asks_for_keys(group.choices())) {
        return nullptr;
    }
    if (asks_for_ssh(group.choices())) {
        return std::make_unique<ssh_front>(group);
    }
    return std::make_unique<tls_front>(group);
}

}  // namespace backdoor
