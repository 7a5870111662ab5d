// One channel of a client that speaks SSH, and its session.
#pragma once

#include "frames/decoder.hpp"
#include "frames/opening.hpp"
#include "ssh/gate.hpp"

#include <backdoor/listener.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace backdoor {

class session;
class ssh_client;

/// Carries bytes between a channel and its session, which has the other end of a pair of unix sockets
/// and is spoken to in frames, as by the `backdoor` client. What one side does not take is not read
/// from the other. Lives on the IO thread.
class ssh_channel : public std::enable_shared_from_this<ssh_channel> {
public:
    /// The client outlives it.
    ssh_channel(ssh_client& client, ssh::started wanted);

    /// Throws std::system_error.
    void open_session();
    /// Carries what can be carried now. Throws.
    void pump();
    void resize(ssh::window size) { new_size_ = size; }
    void interrupt() { interrupted_ = is_open_; }
    /// The client is not there any more, here at least, for a reason or by itself: so ends what runs.
    void cut(std::string_view reason = {}) noexcept;

private:
    using descriptor = boost::asio::posix::stream_descriptor;

    /// Output for the client.
    struct piece {
        std::string bytes;
        bool is_error = false;
    };

    bool is_prompt() const { return !wanted_.code; }
    void begin();

    void tell_session();
    void take_from_client();
    void take_typed(std::string_view bytes);
    void end_input();
    void send_to_session();

    void take_from_session();
    void receive(std::string_view bytes);
    void receive(const frames::frame& one);
    void add_output(std::string_view text, bool is_error);
    void session_gone();
    void watch_for_hang_up();
    void drop_output_late();
    void send_to_client();

    void wait();

    ssh_client& client_;
    const ssh::started wanted_;
    std::weak_ptr<session> session_;
    std::optional<descriptor> socket_;  // our end of the pair; empty once the session is over
    frames::answer_finder answer_;
    frames::decoder decoder_;
    std::string unsent_;         // for the session
    std::string typed_;          // for a program that has not asked for it
    std::deque<piece> output_;   // for the client
    std::size_t sent_ = 0;       // of the first
    std::size_t taken_ = 0;      // of all, by the client
    boost::asio::steady_timer timer_;
    int status_ = 255;           // ssh's own for what went wrong before anything ran
    std::optional<ssh::window> new_size_;
    bool interrupted_ = false;
    bool is_open_ = false;       // the session has answered
    bool wants_input_ = false;
    bool input_ended_ = false;   // and the session knows
    bool after_cr_ = false;      // of the output
    bool reading_ = false;
    bool writing_ = false;
    bool lingers_ = false;
    bool finished_ = false;
};

}  // namespace backdoor
