// What stands before the sessions of a server that the network may reach.
#pragma once

#include <backdoor/listener.hpp>
#include <backdoor/options.hpp>

#include <memory>

namespace backdoor {

class session_group;

/// Lets a server's TCP clients show who they are by a key, and gives those that may enter to
/// session_group::admit(), on one end of a pair of unix sockets: it stands between them and their
/// sessions to the end. Lives on the IO thread.
class front {
public:
    virtual ~front() = default;

    /// Never throws.
    virtual void receive(connection client) = 0;
    /// Sends what the sessions have left, as far as that needs no waiting, and closes all clients.
    virtual void close() = 0;
    /// It has no client, before or behind.
    virtual bool empty() const = 0;
};

/// The choices ask each TCP client for a key: with them a server may be open to the network. Throws
/// error where they ask for it in part.
bool asks_for_keys(const options& choices);

/// The front that the group's choices ask for, or null. Throws error where there cannot be one.
std::unique_ptr<front> make_front(session_group& group);

}  // namespace backdoor
