#include "session/ssh_client.hpp"

#include "session/best_effort.hpp"
#include "session/guarded_handler.hpp"
#include "session/io_thread.hpp"
#include "session/session_group.hpp"
#include "session/socket_options.hpp"

#include <backdoor/error.hpp>

#include <boost/asio/post.hpp>
#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <variant>
#include <vector>

namespace backdoor {

namespace {

template <class... F>
struct overloaded : F... {
    using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;

/// For `from=`, which knows nothing of ports.
std::string without_port(const std::string& peer) {
    const auto address = peer.substr(0, peer.rfind(':'));
    return address.starts_with('[') ? address.substr(1, address.size() - 2) : address;
}

}  // namespace

ssh_client::ssh_client(std::shared_ptr<session_group> group, front& owner, ssh::gate& keys,
                       connection client, visitor who)
    : front_client{std::move(group), owner, client.peer(), std::move(who)},
      keys_{keys},
      accepted_{client.release()},
      timer_{group_->io().context()},
      idle_{group_->io().context()} {}

void ssh_client::start(std::unique_ptr<handshake_gate::place> place) noexcept {
    place_ = std::move(place);
    guard([this] { begin(); });
}

void ssh_client::begin() {
    try {
        set_options(accepted_.get());
        unique_fd duplicate{fcntl(accepted_.get(), F_DUPFD_CLOEXEC, 0)};
        if (!duplicate) {
            throw error{std::string{"cannot have a second descriptor: "} + std::strerror(errno)};
        }
        socket_.emplace(group_->io().context());
        socket_->assign(duplicate.get());
        (void)duplicate.release();
        ssh_ = keys_.accept(accepted_, without_port(peer_));
    } catch (const std::exception& failure) {
        refuse(failure.what());
        return;
    }
    call_later(group_->choices().login_limit, &ssh_client::refuse_late);
    step(true);
}

// ---- work -------------------------------------------------------------------------------------

void ssh_client::step(bool socket_ready) {
    if (closed_) {
        return;
    }
    try {
        if (socket_ready) {
            ssh_->step();
        }
        for (auto events = ssh_->take_events(); auto& event : events) {
            receive(event);
            if (closed_) {
                return;
            }
        }
        const auto packets = ssh_->packets();
        for (const auto& [number, one] : channels_) {
            one->pump();
        }
        if (packets != ssh_->packets()) {
            // One of them may be for a channel that had its turn.
            boost::asio::post(group_->io().context(),
                              guarded_handler{shared_from_this(),
                                              [](ssh_client& self) { self.carry_on(); }});
        }
        if (ssh_->is_over()) {
            place_ ? refuse(ssh_->refusal()) : cut();
            return;
        }
        wait();
    } catch (const std::exception& failure) {
        group_->log("backdoor failed for " + peer_ + ": " + failure.what());
        cut();
    }
}

void ssh_client::carry_on() { step(false); }

void ssh_client::receive(const ssh::event& event) {
    const auto on_channel = [this](unsigned number, auto action) {
        if (const auto found = channels_.find(number); found != channels_.end()) {
            action(*found->second);
        }
    };
    std::visit(
        overloaded{
            [&](const ssh::logged_in& one) { log_in(one.key); },
            [&](const ssh::started& one) {
                idle_.cancel();
                const auto made = std::make_shared<ssh_channel>(*this, one);
                channels_.emplace(one.channel, made);
                made->open_session();
            },
            [&](const ssh::resized& one) {
                on_channel(one.channel, [&](ssh_channel& to) { to.resize(one.size); });
            },
            [&](const ssh::interrupted& one) {
                on_channel(one.channel, [](ssh_channel& to) { to.interrupt(); });
            },
            [&](const ssh::closed& one) {
                on_channel(one.channel, [](ssh_channel& to) { to.cut(); });
                channels_.erase(one.channel);
                watch_for_idleness();
            },
        },
        event);
}

void ssh_client::log_in(const std::string& key) {
    place_.reset();
    timer_.cancel();
    who_.proven = "key " + key;
    if (const auto failure = group_->welcome(peer_, who_); !failure.empty()) {
        refuse(failure);
        return;
    }
    who_.is_recorded = true;
    watch_for_idleness();
}

void ssh_client::wait() {
    const auto wait_for = [&](descriptor::wait_type what, bool& waiting) {
        if (std::exchange(waiting, true)) {
            return;
        }
        socket_->async_wait(
            what,
            guarded_handler{shared_from_this(),
                            [what, &waiting](ssh_client& self,
                                             const boost::system::error_code& failure) {
                                waiting = false;
                                if (failure || self.closed_) {
                                    return;
                                }
                                const bool writable = what == descriptor::wait_write;
                                self.writes_ += writable ? 1 : 0;
                                self.step(writable || !self.ssh_->is_blocked());
                            }});
    };
    if (ssh_->is_blocked()) {
        wait_for(descriptor::wait_write, writing_);
        watch_for_stall();
    } else {
        wait_for(descriptor::wait_read, reading_);
    }
}

// ---- limits -----------------------------------------------------------------------------------

void ssh_client::call_later(std::chrono::milliseconds delay, void (ssh_client::*action)()) {
    timer_.expires_after(delay);
    timer_.async_wait(guarded_handler{
        shared_from_this(), [action](ssh_client& self, const boost::system::error_code& cancelled) {
            if (!cancelled && !self.closed_) {
                (self.*action)();
            }
        }});
}

void ssh_client::refuse_late() {
    refuse("it took more than " + std::to_string(group_->choices().login_limit.count()) +
           " ms to show its key (options.login_limit)");
}

void ssh_client::watch_for_stall() {
    const auto limit = group_->choices().output_stall;
    if (!place_ && limit > limit.zero() && !std::exchange(watching_, true)) {
        watched_writes_ = writes_;
        call_later(limit, &ssh_client::check_for_stall);
    }
}

void ssh_client::check_for_stall() {
    watching_ = false;
    if (!ssh_->is_blocked()) {
        return;
    }
    if (writes_ != watched_writes_) {
        watch_for_stall();
        return;
    }
    dismiss("it took no output for " + std::to_string(group_->choices().output_stall.count()) +
            " ms (options.output_stall)");
}

void ssh_client::watch_for_idleness() {
    const auto limit = group_->choices().idle_limit;
    if (limit == limit.zero() || !channels_.empty()) {
        return;
    }
    idle_.expires_after(limit);
    idle_.async_wait(guarded_handler{
        shared_from_this(), [](ssh_client& self, const boost::system::error_code& cancelled) {
            if (!cancelled && !self.closed_ && self.channels_.empty()) {
                self.dismiss("it had no session for " +
                             std::to_string(self.group_->choices().idle_limit.count()) +
                             " ms (options.idle_limit)");
            }
        }});
}

// ---- the end ----------------------------------------------------------------------------------

void ssh_client::dismiss(const std::string& reason) {
    group_->log("backdoor closes " + peer_ + " (" + who_.proven + "): " + reason);
    cut_because(reason);
}

void ssh_client::refuse(const std::string& reason) {
    group_->refuse(peer_, who_, reason);
    shut();
}

void ssh_client::give_up() noexcept {
    guard([this] { refuse("its handshake took longer than all others (options.max_handshakes)"); });
}

void ssh_client::close() noexcept {
    for (const auto& [number, one] : channels_) {
        best_effort([&channel = *one] { channel.pump(); });
    }
    shut();
}

void ssh_client::cut_because(std::string_view reason) noexcept {
    for (const auto& [number, one] : channels_) {
        one->cut(reason);
    }
    shut();
}

void ssh_client::shut() noexcept {
    if (std::exchange(closed_, true)) {
        return;
    }
    const auto self = shared_from_this();
    place_.reset();
    timer_.cancel();
    idle_.cancel();
    channels_.clear();
    ssh_.reset();
    socket_.reset();
    owner_.remove(self);
}

}  // namespace backdoor
