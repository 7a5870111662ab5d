#include "session/socket_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace backdoor {

namespace {

// Seconds. The system's own two hours are longer than a NAT or firewall remembers a silent connection.
constexpr int keep_alive_interval = 60;

}  // namespace

void set_options(int client) {
    const int on = 1;
    // Both fail on a unix socket, which needs neither.
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // Telnet's urgent data belongs where it was sent.
    setsockopt(client, SOL_SOCKET, SO_OOBINLINE, &on, sizeof on);
    // A client whose machine vanished is noticed, and a silent one keeps its way through a NAT.
    setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(client, IPPROTO_TCP, TCP_KEEPIDLE, &keep_alive_interval, sizeof keep_alive_interval);
    setsockopt(client, IPPROTO_TCP, TCP_KEEPINTVL, &keep_alive_interval, sizeof keep_alive_interval);
}

}  // namespace backdoor
