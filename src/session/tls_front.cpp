#include "session/tls_front.hpp"

#include "session/access.hpp"
#include "session/session_group.hpp"
#include "session/tls_bridge.hpp"

#include <string>
#include <vector>

namespace backdoor {

tls_front::tls_front(session_group& group)
    : group_{group},
      credentials_{group.choices(), [&group](std::string_view line) { group.log(line); }},
      gate_{group.choices()} {}

tls_front::~tls_front() = default;

void tls_front::receive(connection client) {
    const auto peer = client.peer();
    visitor who;
    try {
        who.origin = origin(client.fd());
        const auto one = std::make_shared<tls_bridge>(group_.shared_from_this(), *this,
                                                      std::move(client), who);
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
        auto tls = credentials_.accept();
        clients_.insert(one);
        one->start(std::move(place), std::move(tls));
    } catch (const std::exception& failure) {
        group_.refuse(peer, who, failure.what());
    }
}

void tls_front::close() {
    const std::vector all(clients_.begin(), clients_.end());
    for (const auto& one : all) {
        one->close();
    }
}

void tls_front::remove(const std::shared_ptr<tls_bridge>& gone) {
    if (clients_.erase(gone) != 0) {
        group_.front_emptied();
    }
}

}  // namespace backdoor
