// How clients' sockets are set.
#pragma once

namespace backdoor {

/// Of a client that types and reads, over TCP or not.
void set_options(int client);

}  // namespace backdoor
