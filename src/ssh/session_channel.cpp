#include "ssh/session_channel.hpp"

#include "ssh/bounded_write.hpp"
#include "ssh/guarded.hpp"

#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>

namespace backdoor::ssh {

namespace {

// libssh grants a client 1,280,000 bytes at a time, and keeps whatever comes beyond that.
constexpr std::uint32_t most_unread = 2 * 1024 * 1024;
constexpr std::size_t longest_terminal_type = 40;

constexpr int accepted = 0;
constexpr int denied = 1;

session_channel& self(void* data) { return *static_cast<session_channel*>(data); }

/// Safe to look up, and to show.
std::string terminal_type(const char* given) {
    std::string type{given != nullptr ? given : ""};
    const auto is_usual = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.' || c == '+';
    };
    return type.size() <= longest_terminal_type && std::all_of(type.begin(), type.end(), is_usual)
               ? type
               : std::string{};
}

}  // namespace

session_channel::session_channel(ssh_session session, unsigned number, const permissions& allowed,
                                 std::vector<event>& events)
    : number_{number},
      allowed_{allowed},
      events_{events},
      handle_{ssh_channel_new(session)} {
    if (handle_ == nullptr) {
        throw std::bad_alloc{};
    }
    callbacks_.userdata = this;
    callbacks_.channel_pty_request_function = [](ssh_session, ssh_channel, const char* type,
                                                 int columns, int rows, int, int, void* data) {
        return guarded(denied, [&] {
            auto& channel = self(data);
            if (!channel.allowed_.terminal || channel.started_) {
                return denied;
            }
            channel.terminal_ = terminal{terminal_type(type), {columns, rows}};
            return accepted;
        });
    };
    callbacks_.channel_pty_window_change_function = [](ssh_session, ssh_channel, int columns,
                                                       int rows, int, int, void* data) {
        return guarded(denied, [&] {
            self(data).resize({columns, rows});
            return accepted;
        });
    };
    callbacks_.channel_shell_request_function = [](ssh_session, ssh_channel, void* data) {
        return guarded(denied, [&] { return self(data).start({}) ? accepted : denied; });
    };
    callbacks_.channel_exec_request_function = [](ssh_session, ssh_channel, const char* code,
                                                  void* data) {
        return guarded(denied, [&] { return self(data).start(code) ? accepted : denied; });
    };
    callbacks_.channel_signal_function = [](ssh_session, ssh_channel, const char* name,
                                            void* data) {
        guarded([&] { self(data).take_signal(name); });
    };
    callbacks_.channel_data_function = [](ssh_session, ssh_channel, void*, std::uint32_t size,
                                          int is_error, void* data) {
        if (is_error != 0) {
            return static_cast<int>(size);  // nobody sends errors to a server
        }
        auto& channel = self(data);
        channel.floods_ = channel.floods_ || size > most_unread;
        channel.waiting_ = size;
        return 0;
    };
    callbacks_.channel_close_function = [](ssh_session, ssh_channel, void* data) {
        guarded([&] {
            self(data).closed_ = true;
            self(data).events_.emplace_back(closed{self(data).number_});
            self(data).told_of_end_ = true;
        });
    };
    ssh_callbacks_init(&callbacks_);
    ssh_set_channel_callbacks(handle_, &callbacks_);
}

session_channel::~session_channel() {
    ssh_remove_channel_callbacks(handle_, &callbacks_);
    // libssh keeps it until the client has closed it, too.
    ssh_channel_free(handle_);
}

// ---- what the client asks for -----------------------------------------------------------------

bool session_channel::start(std::optional<std::string> code) {
    if (started_) {
        return false;
    }
    events_.emplace_back(started{number_, allowed_.command ? allowed_.command : std::move(code),
                                 terminal_});
    started_ = true;
    return true;
}

void session_channel::resize(window size) {
    if (started_ && terminal_) {
        events_.emplace_back(resized{number_, size});
    } else if (terminal_) {
        terminal_->size = size;
    }
}

void session_channel::take_signal(std::string_view name) {
    if (started_ && name == "INT") {
        events_.emplace_back(interrupted{number_});
    }
}

// ---- what is said on it -----------------------------------------------------------------------

void session_channel::fetch() {
    const auto waiting = std::exchange(waiting_, 0);
    if (waiting == 0) {
        return;  // where libssh is asked then, it looks at the socket
    }
    // All at once: at each read libssh grants the client more, whatever it still has itself.
    received_.resize(waiting);
    const int count = ssh_channel_read_nonblocking(handle_, received_.data(), waiting, 0);
    received_.resize(static_cast<std::size_t>(std::max(count, 0)));
}

std::size_t session_channel::read(char* to, std::size_t size) {
    if (taken_ == received_.size()) {
        std::string{}.swap(received_);
        taken_ = 0;
        fetch();
    }
    const auto count = received_.copy(to, size, taken_);
    taken_ += count;
    return count;
}

bool session_channel::has_ended() const {
    return taken_ == received_.size() && ssh_channel_is_eof(handle_) != 0;
}

std::optional<std::size_t> session_channel::write(std::string_view bytes, bool is_error) {
    return closed_ || finished_ ? 0 : bounded_write(handle_, bytes, is_error);
}

void session_channel::finish(int status) {
    if (finished_ || closed_) {
        return;
    }
    finished_ = true;
    ssh_channel_request_send_exit_status(handle_, status);
    // Where the client takes nothing now, it has to be told again to go on from the end of the data to
    // the close, though both only wait in its buffer.
    for (int attempt = 0; attempt < 3 && ssh_channel_close(handle_) == SSH_AGAIN; ++attempt) {
    }
}

}  // namespace backdoor::ssh
