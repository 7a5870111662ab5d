// Takes a listener's clients in.
#pragma once

#include "session/handler_slot.hpp"
#include "session/session_group.hpp"

#include <backdoor/listener.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace backdoor {

/// Accepts clients until it is closed. Where descriptors or memory are short clients wait, and it goes
/// on. Lives on the IO thread.
class acceptor : public std::enable_shared_from_this<acceptor> {
public:
    acceptor(std::shared_ptr<session_group> group, listener socket);

    void start();
    void close();

private:
    void wait();
    void wait_a_while();
    bool accept_one();

    std::shared_ptr<session_group> group_;
    listener socket_;
    unique_fd announcement_;
    boost::asio::posix::stream_descriptor descriptor_;
    boost::asio::steady_timer retry_;
    wait_slot slot_;  // of the one wait that there is
    bool short_ = false;
};

}  // namespace backdoor
