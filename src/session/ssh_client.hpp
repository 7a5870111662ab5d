// One client that speaks SSH.
#pragma once

#include "session/front.hpp"
#include "session/ssh_channel.hpp"
#include "ssh/gate.hpp"

#include <backdoor/listener.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace backdoor {

class session_group;

/// Lets libssh work where the client's socket is ready, and carries bytes between the client's channels
/// and their sessions. A client that takes no output is not read, either. Lives on the IO thread.
class ssh_client final : public front_client, public std::enable_shared_from_this<ssh_client> {
public:
    ssh_client(std::shared_ptr<session_group> group, front& owner, ssh::gate& keys,
               connection client, visitor who);

    void start(std::unique_ptr<handshake_gate::place> place) noexcept override;
    void give_up() noexcept override;
    void close() noexcept override;

    ssh::connection& ssh() { return *ssh_; }

    /// A channel's session has sent, or takes again.
    void carry_on();

private:
    using descriptor = boost::asio::posix::stream_descriptor;

    void begin();
    void step(bool socket_ready);
    void receive(const ssh::event& event);
    void log_in(const std::string& key);
    void wait();

    void call_later(std::chrono::milliseconds delay, void (ssh_client::*action)());
    void refuse_late();
    void watch_for_stall();
    void check_for_stall();
    void watch_for_idleness();

    void dismiss(const std::string& reason);
    void refuse(const std::string& reason);
    void cut() noexcept override { cut_because({}); }
    void cut_because(std::string_view reason) noexcept;
    void shut() noexcept;

    ssh::gate& keys_;
    unique_fd accepted_;  // until it starts
    std::optional<descriptor> socket_;  // a duplicate: libssh closes its own when it likes
    std::unique_ptr<ssh::connection> ssh_;
    std::map<unsigned, std::shared_ptr<ssh_channel>> channels_;
    boost::asio::steady_timer timer_;  // of the login, then of a stall
    boost::asio::steady_timer idle_;
    std::size_t writes_ = 0;  // how often it was ready to take output
    std::size_t watched_writes_ = 0;
    bool watching_ = false;  // for a stall
    bool reading_ = false;
    bool writing_ = false;
};

}  // namespace backdoor
