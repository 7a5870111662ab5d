// What stands before the sessions of a server that the network may reach.
#pragma once

#include "session/access.hpp"
#include "session/handshake_gate.hpp"

#include <backdoor/listener.hpp>
#include <backdoor/options.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>

namespace backdoor {

class front;
class session_group;

/// A client that shows who it is by a key, and stands between its socket and its sessions to the end.
class front_client {
public:
    virtual ~front_client() = default;

    // What fails in these, or later, closes it, and it only.

    /// Begins its handshake.
    virtual void start(std::unique_ptr<handshake_gate::place> place) noexcept = 0;
    /// Its handshake has taken long, and others wait.
    virtual void give_up() noexcept = 0;
    /// Sends what its sessions have left, as far as that needs no waiting, and closes.
    virtual void close() noexcept = 0;

    /// Runs what concerns this client alone: what it throws closes it.
    template <class F>
    void guard(F f) noexcept {
        try {
            f();
        } catch (...) {
            cut();
        }
    }

    session_group& group() const { return *group_; }
    const std::string& peer() const { return peer_; }
    const visitor& who() const { return who_; }

protected:
    front_client(std::shared_ptr<session_group> group, front& owner, std::string peer, visitor who)
        : group_{std::move(group)}, owner_{owner}, peer_{std::move(peer)}, who_{std::move(who)} {}

    /// Closes it at once, and its sessions.
    virtual void cut() noexcept = 0;

    const std::shared_ptr<session_group> group_;
    front& owner_;
    const std::string peer_;
    visitor who_;
    std::unique_ptr<handshake_gate::place> place_;  // until it is let in, or gone
    bool closed_ = false;
};

/// Lets a server's TCP clients show who they are, and gives those that may enter to
/// session_group::admit(), on one end of a pair of unix sockets. Lives on the IO thread.
class front {
public:
    virtual ~front() = default;

    /// Throws where it cannot even be recorded that the client is turned away.
    void receive(connection client);
    /// Closes all clients.
    void close() noexcept;
    /// It has no client, before or behind.
    bool empty() const { return clients_.empty(); }
    /// That one has closed.
    void remove(const std::shared_ptr<front_client>& gone) noexcept;

protected:
    explicit front(session_group& group);

    session_group& group() const { return group_; }
    std::size_t clients() const { return clients_.size(); }
    std::size_t clients_of(const std::string& origin) const;

private:
    virtual std::shared_ptr<front_client> make(connection client, const visitor& who) = 0;
    /// Why there can be no more clients of that origin, beside what the sessions' limits say.
    virtual std::string reason_to_refuse(const std::string&) const { return {}; }

    session_group& group_;
    handshake_gate gate_;
    std::unordered_set<std::shared_ptr<front_client>> clients_;
};

/// The choices ask each TCP client for a key: with them a server may be open to the network. Throws
/// error where they ask for it in part.
bool asks_for_keys(const options& choices);

/// The front that the group's choices ask for, or null. Throws error where there cannot be one.
std::unique_ptr<front> make_front(session_group& group);

}  // namespace backdoor
