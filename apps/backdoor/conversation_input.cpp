// What comes from the user: input, keys and signals.
#include "conversation.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

namespace backdoor::client {

namespace {

constexpr char suspend_key = '\x1a';

}  // namespace

// ---- input --------------------------------------------------------------------------------------

void conversation::read_input() {
    std::array<char, 16 * 1024> buffer;
    const auto size = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    asked_for_input_ = false;
    if (size <= 0) {
        line_.send(frames::type::end_of_input);
        if (mode_ != mode::program) {
            mode_ = mode::program;  // nothing more is asked for
        }
    } else if (mode_ == mode::keys) {
        send_keys({buffer.data(), static_cast<std::size_t>(size)});
    } else {
        line_.send(frames::type::input, {buffer.data(), static_cast<std::size_t>(size)});
    }
}

void conversation::send_keys(std::string_view keys) {
    const auto is_ours = [&](char key) { return key == suspend_key || key == choices_.escape; };
    while (!keys.empty()) {
        const auto own = std::find_if(keys.begin(), keys.end(), is_ours);
        const auto length = static_cast<std::size_t>(own - keys.begin());
        if (length > 0) {
            line_.send(frames::type::input, keys.substr(0, length));
        }
        if (length == keys.size()) {
            return;
        }
        const char key = keys[length];
        keys.remove_prefix(length + 1);
        if (key == choices_.escape) {
            left_ = true;
            end_line();
            return;
        }
        suspend();
    }
}

// ---- signals ------------------------------------------------------------------------------------

void conversation::take_signals() {
    while (const auto number = signals_.take()) {
        switch (*number) {
            case SIGWINCH:
                if (terminal_) {
                    send_window_size();
                }
                break;
            case SIGINT:
                interrupt();
                break;
            case SIGTSTP:
                suspend();
                break;
            case SIGCONT:
                resume();
                break;
            default:
                throw ended_by_signal{*number};
        }
    }
}

void conversation::interrupt() {
    // The second time the user will not wait for the program to take notice.
    if (!runs_ || (mode_ == mode::program && ++interrupts_ > 1)) {
        throw ended_by_signal{SIGINT};
    }
    line_.send(frames::type::interrupt);
}

void conversation::suspend() {
    if (terminal_) {
        terminal_->suspend();
    } else {
        raise(SIGSTOP);
    }
}

void conversation::resume() {
    if (terminal_) {
        terminal_->resume();
        // What was typed is shown again, on the line where the shell has left the cursor: to the
        // editor the window was another for a moment.
        send_window_size(-1);
        send_window_size();
    }
}

void conversation::send_window_size(int wider) {
    winsize size{};
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    const auto columns = static_cast<std::uint16_t>(std::max(size.ws_col + wider, 1));
    line_.send(frames::type::window_size, frames::encode({columns, size.ws_row}));
}

}  // namespace backdoor::client
