#include "session/tls_front.hpp"

#include "session/access.hpp"
#include "session/session_group.hpp"
#include "session/tls_bridge.hpp"

namespace backdoor {

tls_front::tls_front(session_group& group)
    : front{group},
      credentials_{group.choices(), [&group](std::string_view line) { group.log(line); }} {}

std::shared_ptr<front_client> tls_front::make(connection client, const visitor& who) {
    return std::make_shared<tls_bridge>(group().shared_from_this(), *this, credentials_,
                                        std::move(client), who);
}

}  // namespace backdoor
