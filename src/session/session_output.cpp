// A session's output, from its channel to the socket, and what other threads want of the IO thread for it.
#include "session/session.hpp"

#include "session/io_thread.hpp"

#include <boost/asio/post.hpp>
#include <sys/socket.h>

#include <cerrno>

namespace backdoor {

std::ptrdiff_t session::send(std::string_view bytes) noexcept {
    for (;;) {
        const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0) {
            return sent;
        }
        if (errno == EAGAIN) {
            return 0;
        }
        if (errno != EINTR) {
            wish_for(closing);
            return -1;
        }
    }
}

void session::wait_for_socket() {
    group_->io().sockets().wait(
        fd_,
        (reading_ ? socket_waits::readable : 0U) | (waits_to_write() ? socket_waits::writable : 0U),
        *this);
}

void session::on_ready(bool is_readable, bool is_writable) noexcept {
    const auto self = shared_from_this();
    guard([&] {
        is_readable = is_readable && reading_.exchange(false);
        is_writable = is_writable && waits_to_write();
        if (is_writable) {
            blocked_since_ = {};
        }
        if (reading_ || waits_to_write()) {
            wait_for_socket();
        }
        if (is_writable) {
            on_writable();
        }
        if (is_readable && socket_) {
            on_readable();
        }
    });
}

void session::wait_until_writable() {
    blocked_since_ = std::chrono::steady_clock::now();
    wait_for_socket();
}

void session::on_writable() {
    channel_->drain();
    if (terminal_) {
        terminal_->attend();
    }
    if (finishing_) {
        shut_down();
    } else {
        read_on();
    }
}

// ---- what others want of the IO thread ----------------------------------------------------------

void session::wish_for(wish what) noexcept {
    if (wishes_.fetch_or(what) == 0) {
        boost::asio::post(context_, slot_handler{wish_slot_, [self = shared_from_this()] {
                                                     self->guard([&] { self->grant_wishes(); });
                                                 }});
    }
}

void session::grant_wishes() {
    const auto wanted = wishes_.exchange(0);
    if (!socket_) {
        return;
    }
    if ((wanted & closing) != 0) {
        close();
        return;
    }
    if ((wanted & writable) != 0) {
        wait_until_writable();
    }
    if ((wanted & attention) != 0 && terminal_) {
        terminal_->attend();
    }
    if ((wanted & input) != 0) {
        read_on();
    }
    if ((wanted & attending) != 0) {
        attend();
    }
    if ((wanted & finishing) != 0) {
        finish(exit_status_);
    }
}

void session::want_writable() noexcept { wish_for(writable); }
void session::want_attention() noexcept { wish_for(attention); }
void session::want_finish(int status) noexcept {
    exit_status_ = status;
    wish_for(finishing);
}

}  // namespace backdoor
