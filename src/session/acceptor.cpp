#include "session/acceptor.hpp"

#include "session/announcement.hpp"
#include "session/best_effort.hpp"
#include "session/forked.hpp"
#include "session/io_thread.hpp"

#include <backdoor/error.hpp>

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <utility>

namespace backdoor {

namespace {

// Clients taken in a row before others get their turn.
constexpr int batch = 64;
// How long to leave a client in the queue when descriptors or memory are short.
constexpr std::chrono::milliseconds retry_delay{100};

bool is_shortage(int code) {
    return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
}

}  // namespace

acceptor::acceptor(std::shared_ptr<session_group> group, listener socket)
    : group_{std::move(group)},
      socket_{std::move(socket)},
      announcement_{announce(socket_, group_->choices())},
      descriptor_{group_->io().context()},
      retry_{group_->io().context()} {
    const int flags = fcntl(socket_.fd(), F_GETFL);
    fcntl(socket_.fd(), F_SETFL, flags | O_NONBLOCK);
    // A duplicate for the reactor: the listener keeps, and closes, its own.
    unique_fd duplicate{fcntl(socket_.fd(), F_DUPFD_CLOEXEC, 0)};
    if (!duplicate) {
        throw error{"backdoor: cannot listen on " + socket_.address() + ": " +
                    std::strerror(errno)};
    }
    descriptor_.assign(duplicate.get());
    (void)duplicate.release();
    keep_from_children(descriptor_.native_handle());
    keep_from_children(socket_.fd());
    keep_from_children(announcement_.get());
}

void acceptor::start() {
    best_effort([this] { group_->io().listening().insert(group_.get()); });
    wait();
}

void acceptor::close() {
    group_->io().listening().erase(group_.get());
    is_closed_here(descriptor_.native_handle());
    is_closed_here(socket_.fd());
    is_closed_here(announcement_.get());
    announcement_.reset();
    boost::system::error_code ignored;
    descriptor_.close(ignored);
    retry_.cancel();
    socket_.close();
}

void acceptor::wait() {
    descriptor_.async_wait(
        boost::asio::posix::stream_descriptor::wait_read,
        slot_handler{slot_, [self = shared_from_this()](const boost::system::error_code& failure) {
                         if (failure || !self->descriptor_.is_open()) {
                             return;
                         }
                         int left = batch;
                         while (left > 0 && self->accept_one()) {
                             --left;
                         }
                         if (left > 0 && is_shortage(errno)) {
                             self->wait_a_while();
                         } else {
                             self->wait();
                         }
                     }});
}

void acceptor::wait_a_while() {
    if (!std::exchange(short_, true)) {
        group_->log(std::string{"backdoor: clients wait to be let in: "} + std::strerror(errno));
    }
    try {
        retry_.expires_after(retry_delay);
        retry_.async_wait(slot_handler{
            slot_, [self = shared_from_this()](const boost::system::error_code& cancelled) {
                if (!cancelled) {
                    self->wait();
                }
            }});
    } catch (const std::bad_alloc&) {
        wait();  // at once, then
    }
}

/// False where there is none, or none can be taken: errno says why.
bool acceptor::accept_one() {
    unique_fd client{accept4(descriptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (client) {
        short_ = false;
        group_->admit(std::move(client));
        return true;
    }
    // Anything else concerned that one client: ECONNABORTED and what the network may report.
    return errno != EAGAIN && !is_shortage(errno);
}

}  // namespace backdoor
