#include "session/ssh_channel.hpp"

#include "frames/fields.hpp"
#include "frames/frame.hpp"
#include "session/guarded_handler.hpp"
#include "session/io_thread.hpp"
#include "session/session.hpp"
#include "session/session_group.hpp"
#include "session/ssh_client.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

namespace backdoor {

namespace {

using frames::type;

// What was typed ahead of a program that does not read; more waits with the client.
constexpr std::size_t most_typed = 4096;
// How long a client may take for what a session has left.
constexpr std::chrono::seconds linger{5};
// What tracebacks call the code, as in `python3 -c`.
constexpr const char* code_name = "<string>";

bool is_temporary(int code) { return code == EAGAIN || code == EINTR; }

std::optional<frames::window_size> to_frames(ssh::window size) {
    const auto known = [](int length) {
        return length > 0 && length <= std::numeric_limits<std::uint16_t>::max();
    };
    if (!known(size.columns) || !known(size.rows)) {
        return std::nullopt;  // ssh without a terminal of its own says 0
    }
    return frames::window_size{static_cast<std::uint16_t>(size.columns),
                               static_cast<std::uint16_t>(size.rows)};
}

}  // namespace

ssh_channel::ssh_channel(ssh_client& client, ssh::started wanted)
    : client_{client}, wanted_{std::move(wanted)}, timer_{client.group().io().context()} {}

void ssh_channel::open_session() {
    std::array<int, 2> pair{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair.data()) != 0) {
        throw std::system_error{errno, std::generic_category(), "cannot open a session"};
    }
    unique_fd ours{pair[0]};
    unique_fd its{pair[1]};
    socket_.emplace(client_.group().io().context());
    socket_->assign(ours.get());
    (void)ours.release();
    unsent_ = frames::opening_line(frames::version);
    watch_for_hang_up();
    session_ = client_.group().admit(connection{std::move(its), client_.peer()}, client_.who());
}

/// Says what is wanted, once the session has answered in frames.
void ssh_channel::begin() {
    frames::append(unsent_, type::hello, frames::fields{}.encode());
    frames::fields how;
    if (is_prompt()) {
        if (wanted_.terminal) {
            resize(wanted_.terminal->size);
            tell_session();
            // On a dumb one, too, somebody has to echo what is typed.
            const bool is_dumb = wanted_.terminal->type == "dumb";
            how.add("terminal", is_dumb ? std::string{} : wanted_.terminal->type);
        }
        frames::append(unsent_, type::prompt, how.encode());
    } else {
        frames::append(unsent_, type::source, *wanted_.code);
        how.add("kind", "typed");
        how.add("name", code_name);
        frames::append(unsent_, type::run, how.encode());
    }
}

// ---- from the client --------------------------------------------------------------------------

/// What is no input. Where the session takes nothing it waits, and the last of several is told.
void ssh_channel::tell_session() {
    const auto size = std::exchange(new_size_, {});
    if (const auto known = size ? to_frames(*size) : std::nullopt) {
        frames::append(unsent_, type::window_size, frames::encode(*known));
    }
    if (std::exchange(interrupted_, false)) {
        frames::append(unsent_, type::interrupt);
    }
}

void ssh_channel::take_from_client() {
    auto& ssh = client_.ssh();
    auto& buffer = client_.group().io().receive_buffer();
    const bool wanted = is_prompt() || wants_input_ || wanted_.terminal;
    if (is_open_ && unsent_.empty()) {
        tell_session();
    }
    while (socket_ && is_open_ && wanted && unsent_.empty() && typed_.size() < most_typed) {
        const auto size = ssh.read(wanted_.channel, buffer.data(), buffer.size());
        if (size == 0) {
            if (ssh.has_ended(wanted_.channel)) {
                end_input();
            }
            break;
        }
        take_typed({buffer.data(), size});
        send_to_session();
    }
}

void ssh_channel::take_typed(std::string_view bytes) {
    if (is_prompt()) {
        frames::append(unsent_, type::input, bytes);
        return;
    }
    if (!wanted_.terminal) {
        typed_ += bytes;
    }
    // A terminal's keys, of which nobody here makes lines.
    for (const char key : wanted_.terminal ? bytes : std::string_view{}) {
        if (key == '\x03') {
            typed_.clear();
            interrupt();
        } else if (key == '\x04') {
            end_input();
        } else {
            typed_ += key == '\r' ? '\n' : key;
        }
    }
    if (wants_input_ && !typed_.empty()) {
        frames::append(unsent_, type::input, std::exchange(typed_, {}));
        wants_input_ = false;
    }
}

void ssh_channel::end_input() {
    // A program is told at each read, a prompt once.
    if (is_prompt() ? !std::exchange(input_ended_, true) : std::exchange(wants_input_, false)) {
        frames::append(unsent_, type::end_of_input);
    }
}

void ssh_channel::send_to_session() {
    while (socket_ && !unsent_.empty()) {
        const auto sent = ::send(socket_->native_handle(), unsent_.data(), unsent_.size(),
                                 MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0) {
            unsent_.erase(0, static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            return;
        } else if (errno == EPIPE || errno == ECONNRESET) {
            unsent_.clear();  // gone: reading tells
        } else if (errno != EINTR) {
            throw std::system_error{errno, std::generic_category(), "cannot send"};
        }
    }
}

// ---- from the session -------------------------------------------------------------------------

void ssh_channel::take_from_session() {
    auto& buffer = client_.group().io().receive_buffer();
    if (!socket_ || !output_.empty()) {
        return;
    }
    const auto size = recv(socket_->native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size > 0) {
        receive({buffer.data(), static_cast<std::size_t>(size)});
        send_to_client();
    } else if (size == 0 || !is_temporary(errno)) {
        session_gone();
        send_to_client();
    }
}

void ssh_channel::receive(std::string_view bytes) {
    if (!is_open_) {
        is_open_ = answer_.receive(bytes).has_value();
        if (!is_open_) {
            return;
        }
        begin();
        send_to_session();
    }
    for (const auto& one : decoder_.receive(bytes)) {
        receive(one);
    }
}

void ssh_channel::receive(const frames::frame& one) {
    switch (one.type) {
        case type::output:
            add_output(one.payload, false);
            break;
        case type::error_output:
            add_output(one.payload, true);
            break;
        case type::wants_input:
            wants_input_ = true;
            take_typed({});
            break;
        case type::ended:
            status_ = one.payload.empty() ? 0 : static_cast<unsigned char>(one.payload[0]);
            socket_.reset();
            break;
        default:
            break;
    }
}

void ssh_channel::add_output(std::string_view text, bool is_error) {
    if (!wanted_.terminal) {
        output_.push_back({std::string{text}, is_error});
        return;
    }
    // A terminal has one stream. ssh has made it raw, and leaves its line ends to us.
    piece shown;
    for (const char c : text) {
        if (c == '\n' && !after_cr_) {
            shown.bytes += '\r';
        }
        shown.bytes += c;
        after_cr_ = c == '\r';
    }
    output_.push_back(std::move(shown));
}

void ssh_channel::watch_for_hang_up() {
    socket_->async_wait(
        descriptor::wait_error,
        guarded_handler{
            client_.shared_from_this(),
            [self = shared_from_this()](ssh_client&, const boost::system::error_code& failure) {
                // While it has output for a client that takes none it is not read.
                if (!failure && self->socket_ && !std::exchange(self->lingers_, true)) {
                    self->drop_output_late();
                }
            }});
}

void ssh_channel::drop_output_late() {
    timer_.expires_after(linger);
    timer_.async_wait(guarded_handler{
        client_.shared_from_this(),
        [self = shared_from_this(), before = taken_](ssh_client& client,
                                                     const boost::system::error_code& cancelled) {
            if (cancelled || self->finished_) {
                return;
            }
            if (self->taken_ != before) {
                self->drop_output_late();  // it takes some
                return;
            }
            self->socket_.reset();
            self->output_.clear();
            self->sent_ = 0;
            client.carry_on();
        }});
}

void ssh_channel::session_gone() {
    if (!is_open_ && !answer_.skipped().empty()) {
        // It was turned away, and told why.
        add_output(answer_.skipped(), true);
    }
    socket_.reset();
}

void ssh_channel::send_to_client() {
    auto& ssh = client_.ssh();
    while (!output_.empty()) {
        const auto& next = output_.front();
        const auto sent = ssh.write(wanted_.channel,
                                    std::string_view{next.bytes}.substr(sent_), next.is_error);
        if (sent == 0) {
            return;
        }
        sent_ += sent;
        taken_ += sent;
        if (sent_ == next.bytes.size()) {
            output_.pop_front();
            sent_ = 0;
        }
    }
}

// ---- both ways --------------------------------------------------------------------------------

void ssh_channel::pump() {
    take_from_client();
    send_to_session();
    send_to_client();
    take_from_session();
    // What has come may be an answer to what waits.
    take_from_client();
    send_to_session();
    if (!socket_ && output_.empty() && !std::exchange(finished_, true)) {
        timer_.cancel();
        client_.ssh().finish(wanted_.channel, status_);
    } else if (!socket_ && !finished_ && !std::exchange(lingers_, true)) {
        drop_output_late();
    }
    wait();
}

void ssh_channel::wait() {
    const auto wait_for = [&](descriptor::wait_type what, bool& waiting) {
        if (std::exchange(waiting, true)) {
            return;
        }
        socket_->async_wait(
            what, guarded_handler{client_.shared_from_this(),
                                  [self = shared_from_this(), &waiting](
                                      ssh_client& client, const boost::system::error_code& failure) {
                                      waiting = false;
                                      if (!failure && self->socket_) {
                                          client.carry_on();
                                      }
                                  }});
    };
    if (socket_ && !unsent_.empty()) {
        wait_for(descriptor::wait_write, writing_);
    }
    if (socket_ && output_.empty()) {
        wait_for(descriptor::wait_read, reading_);
    }
}

// ---- the end ----------------------------------------------------------------------------------

void ssh_channel::cut(std::string_view reason) noexcept {
    finished_ = true;
    timer_.cancel();
    socket_.reset();
    if (const auto one = session_.lock()) {
        one->close_because(reason);
    }
}

}  // namespace backdoor
