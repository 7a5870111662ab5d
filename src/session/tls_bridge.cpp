#include "session/tls_bridge.hpp"

#include "session/guarded_handler.hpp"
#include "session/io_thread.hpp"
#include "session/session.hpp"
#include "session/session_group.hpp"
#include "session/socket_options.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace backdoor {

namespace {

// What waits to be sent to a client that goes on sending, as it may without reading.
constexpr std::size_t most_unsent = 64 * 1024;

bool is_temporary(int code) { return code == EAGAIN || code == EINTR; }

}  // namespace

tls_bridge::tls_bridge(std::shared_ptr<session_group> group, front& owner,
                       tls_credentials& credentials, connection client, visitor who)
    : front_client{std::move(group), owner, client.peer(), std::move(who)},
      credentials_{credentials},
      timer_{group_->io().context()} {
    set_options(client.fd());
    adopt(client_, client.release());
}

void tls_bridge::adopt(side& one, unique_fd socket) {
    one.socket.emplace(group_->io().context());
    one.socket->assign(socket.get());
    (void)socket.release();
    one.socket->non_blocking(true);
}

void tls_bridge::start(std::unique_ptr<handshake_gate::place> place) noexcept {
    place_ = std::move(place);
    guard([this] {
        try {
            tls_ = credentials_.accept();
        } catch (const std::exception& failure) {
            group_->refuse(peer_, who_, failure.what());
            shut();
            return;
        }
        run(&tls_bridge::begin);
    });
}

void tls_bridge::begin() { call_later(group_->choices().login_limit, &tls_bridge::refuse_late); }

// ---- from the client --------------------------------------------------------------------------

void tls_bridge::read_client() {
    auto& buffer = group_->io().receive_buffer();
    const auto size =
        recv(client_.socket->native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size > 0) {
        receive({buffer.data(), static_cast<std::size_t>(size)});
    } else if (size < 0 && is_temporary(errno)) {
        return;
    } else if (refused_ || client_.ended) {
        shut();
    } else if (place_) {
        refuse("it has gone during its handshake");
        shut();
    } else if (size == 0 && client_.input_over) {
        // It has said before that it sends no more, and may still read.
        client_.closed = true;
    } else {
        // Cut off: what came last may be half a statement.
        cut();
    }
}

void tls_bridge::receive(std::string_view bytes) {
    if (refused_ || client_.input_over) {
        return;
    }
    tls_->receive(bytes);
    if (place_ && tls_->is_established()) {
        open_session();
    }
    inside_.unsent += tls_->take_input();
    if (tls_->input_is_over()) {
        client_.input_over = true;
        inside_.ending = true;
    }
}

void tls_bridge::open_session() {
    std::array<int, 2> pair{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
        throw std::system_error{errno, std::generic_category(), "cannot open a session"};
    }
    unique_fd ours{pair[0]};
    unique_fd its{pair[1]};
    place_.reset();
    timer_.cancel();
    who_.proven = "certificate " + tls_->client_name();
    adopt(inside_, std::move(ours));
    session_ = group_->admit(connection{std::move(its), peer_}, who_);
    wait_for_hang_up(inside_, &tls_bridge::session_closed);
    wait_for_hang_up(client_, &tls_bridge::cut);
}

// ---- from the session -------------------------------------------------------------------------

void tls_bridge::read_session() { (void)take_from_session(); }

bool tls_bridge::take_from_session() {
    auto& buffer = group_->io().receive_buffer();
    const auto size =
        recv(inside_.socket->native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size > 0) {
        tls_->send({buffer.data(), static_cast<std::size_t>(size)});
    } else if (size == 0 || !is_temporary(errno)) {
        tls_->end_output();
        client_.ending = true;
        inside_.socket.reset();
        inside_.unsent.clear();
    } else {
        return false;
    }
    client_.unsent += tls_->take_output();
    return true;
}

void tls_bridge::session_closed() {
    // What it has left is still sent to a client that takes it.
    call_later(linger, &tls_bridge::shut);
}

// ---- both ways --------------------------------------------------------------------------------

void tls_bridge::send(side& to) {
    while (to.socket && !to.unsent.empty()) {
        const auto sent = ::send(to.socket->native_handle(), to.unsent.data(), to.unsent.size(),
                                 MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0) {
            to.unsent.erase(0, static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            return;
        } else if (errno == EPIPE || errno == ECONNRESET) {
            to.unsent.clear();  // reading tells
        } else if (errno != EINTR) {
            throw std::system_error{errno, std::generic_category(), "cannot send"};
        }
    }
    if (to.socket && to.ending && !std::exchange(to.ended, true)) {
        shutdown(to.socket->native_handle(), SHUT_WR);
    }
}

void tls_bridge::step() {
    if (closed_) {
        return;
    }
    client_.unsent += tls_->take_output();
    send(client_);
    send(inside_);
    if (client_.ended) {
        if (client_.input_over) {
            shut();
            return;
        }
        if (!std::exchange(lingers_, true)) {
            call_later(linger, &tls_bridge::shut);
        }
    }
    if (!client_.unsent.empty()) {
        wait(client_, descriptor::wait_write, client_.writing, &tls_bridge::nothing);
    } else if (inside_.socket) {
        wait(inside_, descriptor::wait_read, inside_.reading, &tls_bridge::read_session);
    }
    if (!inside_.unsent.empty()) {
        wait(inside_, descriptor::wait_write, inside_.writing, &tls_bridge::nothing);
    } else if (client_.unsent.size() < most_unsent && !client_.closed) {
        wait(client_, descriptor::wait_read, client_.reading, &tls_bridge::read_client);
    }
}

void tls_bridge::run(action then) {
    if (closed_) {
        return;
    }
    try {
        (this->*then)();
        step();
    } catch (const std::exception& what) {
        fail(what.what());
    }
}

void tls_bridge::wait(side& one, descriptor::wait_type what, bool& waiting, action then) {
    if (std::exchange(waiting, true)) {
        return;
    }
    one.socket->async_wait(
        what, guarded_handler{shared_from_this(),
                              [&one, &waiting, then](tls_bridge& self,
                                                     const boost::system::error_code& failure) {
                                  waiting = false;
                                  if (!failure && one.socket) {
                                      self.run(then);
                                  }
                              }});
}

void tls_bridge::wait_for_hang_up(side& one, action then) {
    one.socket->async_wait(
        descriptor::wait_error,
        guarded_handler{shared_from_this(),
                        [&one, then](tls_bridge& self, const boost::system::error_code& failure) {
                            if (!failure && one.socket) {
                                self.run(then);
                            }
                        }});
}

void tls_bridge::call_later(std::chrono::milliseconds delay, action then) {
    timer_.expires_after(delay);
    timer_.async_wait(guarded_handler{
        shared_from_this(), [then](tls_bridge& self, const boost::system::error_code& cancelled) {
            if (!cancelled) {
                self.run(then);
            }
        }});
}

// ---- the end ----------------------------------------------------------------------------------

void tls_bridge::fail(const std::string& reason) {
    if (place_ && !refused_) {
        refuse(reason);
    } else {
        if (session_.lock()) {
            group_->log("backdoor failed for " + peer_ + " (" + who_.proven + "): " + reason);
        }
        cut();
    }
}

void tls_bridge::refuse(const std::string& reason) {
    group_->refuse(peer_, who_, reason);
    refused_ = true;
    client_.ending = true;
    step();  // for the alert that says so
}

void tls_bridge::refuse_late() {
    refuse("its handshake took more than " +
           std::to_string(group_->choices().login_limit.count()) + " ms (options.login_limit)");
    shut();
}

void tls_bridge::give_up() noexcept {
    guard([this] {
        if (!refused_) {
            refuse("its handshake took longer than all others (options.max_handshakes)");
        }
    });
    shut();
}

void tls_bridge::close() noexcept {
    guard([this] {
        while (inside_.socket && client_.unsent.empty() && take_from_session()) {
            send(client_);
        }
    });
    shut();
}

void tls_bridge::cut() noexcept {
    if (const auto one = session_.lock()) {
        one->close();
    }
    shut();
}

void tls_bridge::shut() noexcept {
    if (std::exchange(closed_, true)) {
        return;
    }
    const auto self = shared_from_this();
    place_.reset();
    timer_.cancel();
    client_.socket.reset();
    inside_.socket.reset();
    owner_.remove(self);
}

}  // namespace backdoor
