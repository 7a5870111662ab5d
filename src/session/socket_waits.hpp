// Waiting for the sockets of thousands of clients.
#pragma once

#include "session/handler_slot.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace backdoor {

/// One epoll instance within Asio's. What Asio needs for a socket of its own it keeps for as long as the
/// loop lives, and a socket of its own wakes the loop whether somebody waits for it or not.
/// Thread safety: the IO thread alone.
class socket_waits {
public:
    enum what : std::uint32_t { nothing = 0, readable = EPOLLIN, writable = EPOLLOUT };

    class waiter {
    public:
        /// The wait is over, for all it was for: what happened is one or both of these. The waiter may
        /// end here.
        virtual void on_ready(bool is_readable, bool is_writable) noexcept = 0;

    protected:
        ~waiter() = default;
    };

    explicit socket_waits(boost::asio::io_context& context);
    ~socket_waits();
    socket_waits(const socket_waits&) = delete;
    socket_waits& operator=(const socket_waits&) = delete;

    /// Waits once for `events`, in place of what was waited for at this socket. Throws
    /// std::system_error.
    void wait(int socket, std::uint32_t events, waiter& who);
    /// Before the socket is closed.
    void forget(int socket, const waiter& who) noexcept;

private:
    void listen();
    void tell_waiters();

    boost::asio::posix::stream_descriptor all_;
    wait_slot slot_;
    // Those that are ready, and have not been told.
    std::array<epoll_event, 64> ready_{};
    std::size_t next_ = 0;
    std::size_t end_ = 0;
};

}  // namespace backdoor
