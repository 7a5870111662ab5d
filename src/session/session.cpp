#include "session/session.hpp"

#include "session/access.hpp"
#include "session/best_effort.hpp"
#include "session/forked.hpp"
#include "session/guarded_handler.hpp"
#include "session/io_thread.hpp"
#include "session/session_memory.hpp"
#include "session/socket_options.hpp"

#include <sys/socket.h>

#include <exception>
#include <string>

namespace backdoor {

namespace {

using clock = std::chrono::steady_clock;

// What eventlet.backdoor and code.interact say to a client that ends its input.
constexpr std::string_view farewell = "\nnow exiting InteractiveConsole...\n";

// How long an interrupt may take to arrive before the user is told what is in its way.
constexpr std::chrono::milliseconds stuck_notice_delay{800};
// How often it is looked whether a client that sends no more is still there.
constexpr std::chrono::milliseconds hang_up_interval{100};

}  // namespace

session::session(std::shared_ptr<session_group> group, connection client, const visitor& who,
                 std::shared_ptr<const audit_trail> trail)
    : group_{std::move(group)},
      trail_{std::move(trail)},
      user_{!who.proven.empty() ? who.proven
            : who.user          ? std::to_string(*who.user)
                                : std::string{}},
      origin_{who.origin},
      context_{group_->io().context()},
      socket_{client.release()},
      fd_{socket_.get()},
      channel_{std::allocate_shared<channel>(
          std::pmr::polymorphic_allocator<channel>{&session_memory::get()},
          channel::limits{group_->choices().max_input, group_->choices().max_output},
          static_cast<transport&>(*this), group_->starts())},
      splitter_{group_->choices().max_input} {
    set_options(fd_);
    keep_from_children(fd_);
}

void session::fail() noexcept {
    best_effort([this] {
        std::string what = "an exception that is no std::exception";
        try {
            throw;
        } catch (const std::exception& failure) {
            what = failure.what();
        } catch (...) {
        }
        group_->log("backdoor failed for " + trail_->known_as() + ": " + what);
    });
    close();
}

// ---- interrupts, and the end of input ---------------------------------------------------------

void session::interrupt() {
    if (login_) {
        return;
    }
    (void)group_->note(*trail_, audit_event::kind::interrupt);
    if (!console_) {
        if (terminal_) {
            terminal_->print("KeyboardInterrupt\n");
            begin_editing();
            terminal_->show();
        } else if (!frames_ || frames_->has_prompt) {
            channel_->tell("\nKeyboardInterrupt\n>>> ");
        }
        return;
    }
    // Code that catches it goes on, and has things to say.
    attend();
    if (!channel_->interrupt()) {
        console_->interrupt();
        if (!timer_) {
            call_later(stuck_notice_delay, &session::tell_if_stuck);
        }
    }
}

void session::tell_if_stuck() {
    timer_.reset();
    const auto command = console_->stuck();
    if (command && command->source.empty()) {
        channel_->tell("backdoor: a call, of another console or of the application, lets nobody else use Python; "
                       "this console is answered when it returns\n",
                       sink::error);
    } else if (command) {
        channel_->tell("backdoor: " + command->source + " has run for " +
                           std::to_string(command->time.count() / 1000) +
                           " s, now in a call that lets nobody else use Python; it is "
                           "interrupted when that call returns\n",
                       sink::error);
    }
}

void session::end_of_input() {
    if (std::exchange(input_over_, true)) {
        return;
    }
    if (login_) {
        group_->refuse(*trail_, "no token");
        close();
        return;
    }
    const auto rest = splitter_.take_rest();
    if (!rest.empty() && !is_welcome(rest)) {
        return;
    }
    if (!console_ && rest.empty()) {
        // Nothing was ever typed, as by a port scan: no reason to start an interpreter.
        channel_->tell(terminal_ ? farewell.substr(1) : farewell);
        finish();
        return;
    }
    channel_->push_end(rest);
    start_console();
    if (!finishing_) {
        attend();
        if (!frames_) {
            watch_for_hang_up();
        }
    }
}

void session::watch_for_hang_up() { call_later(hang_up_interval, &session::check_for_hang_up); }

void session::check_for_hang_up() {
    // Half-closed, as by `echo 'f()' | nc -N`, or closed? Only a client that is there gets its
    // answer in full.
    if (is_gone(fd_)) {
        close();
    } else {
        watch_for_hang_up();
    }
}

void session::call_later(std::chrono::milliseconds delay, void (session::*action)()) {
    // Every client has one for a moment (look_for_telnet()).
    timer_ = std::allocate_shared<boost::asio::steady_timer>(
        std::pmr::polymorphic_allocator<boost::asio::steady_timer>{&session_memory::get()}, context_,
        delay);
    timer_->async_wait(guarded_handler{
        shared_from_this(), [action](session& self, const boost::system::error_code& cancelled) {
            if (!cancelled && self.socket_) {
                (self.*action)();
            }
        }});
}

void session::attend() {
    attended_ = true;
    group_->io().attend(shared_from_this());
}

bool session::flush() noexcept {
    // In this order: whoever sees `false` makes it true again.
    attended_ = false;
    guard([this] {
        attended_ = channel_->flush();
        if (attended_ && !reading_) {
            read_on();  // its command takes its time, and may be interrupted
        }
    });
    return attended_;
}

void session::start_console() {
    if (console_) {
        return;
    }
    try {
        console_ = group_->open_console(channel_, shared_from_this());
    } catch (const std::exception& failure) {
        channel_->tell("backdoor: cannot start a console: " + std::string{failure.what()} + "\n",
                       sink::error);
        group_->log("backdoor failed for " + trail_->known_as() + ": " + failure.what());
        finish();
    }
}

// ---- limits -----------------------------------------------------------------------------------

void session::check_limits(clock::time_point now) {
    const auto& limits = group_->choices();
    const auto over = [&](clock::time_point since, std::chrono::milliseconds limit) {
        return limit > limit.zero() && now - since > limit;
    };
    if (waits_to_write() && over(blocked_since_, limits.output_stall)) {
        dismiss("it took no output for " + std::to_string(limits.output_stall.count()) +
                " ms (options.output_stall)");
    } else if (over(last_input_.load(), limits.idle_limit) && (!console_ || channel_->is_waiting())) {
        dismiss("nothing was typed for " + std::to_string(limits.idle_limit.count()) +
                " ms (options.idle_limit)");
    }
}

void session::dismiss(const std::string& reason) {
    channel_->tell("\nbackdoor: closed: " + reason + "\n", sink::error);
    group_->log("backdoor closes " + trail_->known_as() + ": " + reason);
    close_because(reason);
}

// ---- the end ----------------------------------------------------------------------------------

void session::finish(int status) {
    finishing_ = true;
    if (socket_) {
        if (terminal_) {
            terminal_->attend();
            terminal_->leave();
        }
        channel_->send_status(status);
        channel_->flush();
        shut_down();
    }
}

void session::shut_down() {
    if (!channel_->drained()) {
        return;
    }
    shutdown(fd_, SHUT_WR);
    wait_for_input();
    call_later(linger, &session::close);
}

void session::close() noexcept { close_because({}); }

void session::close_because(std::string_view reason, bool has_socket) noexcept {
    if (!socket_) {
        return;
    }
    const auto self = shared_from_this();
    if (terminal_ && has_socket) {
        best_effort([this] {
            terminal_->attend();
            terminal_->leave();
        });
    }
    channel_->close();
    if (console_) {
        console_->hang_up();
    }
    is_closed_here(fd_);
    if (has_socket) {
        (void)shutdown(fd_, SHUT_RDWR);  // a greenlet may hold it open, until its hub has a turn
        group_->io().sockets().forget(fd_, *this);
    } else {
        (void)socket_.release();
    }
    socket_.reset();
    timer_.reset();
    if (std::exchange(delayed_, false)) {
        group_->end_delay();
    }
    best_effort([this, reason] {
        const auto& client = trail_->known_as();
        group_->log(client.empty() ? "backdoor closed" : "backdoor closed to " + client);
        (void)group_->note(*trail_, audit_event::kind::disconnect, reason);
    });
    group_->remove(self);
}

}  // namespace backdoor
