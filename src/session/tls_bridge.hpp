// One client that speaks TLS, and its session.
#pragma once

#include "session/front.hpp"
#include "session/tls_credentials.hpp"

#include <backdoor/listener.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace backdoor {

class session;
class session_group;

/// Carries bytes between a client's socket and its session, which has the other end of a pair of
/// unix sockets: from when the client has shown who it is, to the end. What one side does not take is
/// not read from the other. Lives on the IO thread.
class tls_bridge final : public front_client, public std::enable_shared_from_this<tls_bridge> {
public:
    tls_bridge(std::shared_ptr<session_group> group, front& owner, tls_credentials& credentials,
               connection client, visitor who);

    void start(std::unique_ptr<handshake_gate::place> place) noexcept override;
    void give_up() noexcept override;
    void close() noexcept override;

private:
    using descriptor = boost::asio::posix::stream_descriptor;
    using action = void (tls_bridge::*)();

    /// One of the two sockets.
    struct side {
        std::optional<descriptor> socket;  // empty once closed
        std::string unsent;
        bool reading = false;     // waits to be readable
        bool writing = false;     // waits to be writable
        bool input_over = false;  // it sends no more
        bool closed = false;      // and is not to be read
        bool ending = false;      // it is sent no more than what is unsent
        bool ended = false;       // and knows
    };

    void begin();
    void adopt(side& one, unique_fd socket);
    void read_client();
    void receive(std::string_view bytes);
    void open_session();
    void read_session();
    bool take_from_session();
    void step();
    void send(side& to);
    void wait(side& one, descriptor::wait_type what, bool& waiting, action then);
    void wait_for_hang_up(side& one, action then);
    void call_later(std::chrono::milliseconds delay, action then);
    void run(action then);
    void nothing() {}

    void fail(const std::string& reason);
    void refuse(const std::string& reason);
    void refuse_late();
    void session_closed();
    void cut() noexcept override;
    void shut() noexcept;

    tls_credentials& credentials_;
    std::unique_ptr<tls::connection> tls_;
    std::weak_ptr<session> session_;
    side client_;
    side inside_;  // our end of the pair
    boost::asio::steady_timer timer_;
    bool refused_ = false;
    bool lingers_ = false;
};

}  // namespace backdoor
