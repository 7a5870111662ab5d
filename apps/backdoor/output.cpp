#include "output.hpp"

#include "failure.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>

namespace backdoor::client {

void output::add(int fd, std::string_view text) {
    if (text.empty()) {
        return;
    }
    size_ += text.size();
    pieces_.push_back({fd, std::string{text}});
}

void output::write() {
    auto& first = pieces_.front();
    const auto rest = std::string_view{first.text}.substr(first.written);
    // So much a pipe takes without waiting, once it takes anything.
    const auto part = rest.substr(0, PIPE_BUF);
    const auto count = ::write(first.fd, part.data(), part.size());
    std::size_t done = 0;
    if (count >= 0) {
        done = static_cast<std::size_t>(count);
    } else if (errno == EAGAIN || errno == EINTR) {
        return;
    } else if (first.fd == STDOUT_FILENO) {
        if (errno == EPIPE) {
            throw ended_by_signal{SIGPIPE};
        }
        throw failure{1, std::string{"cannot write to standard output: "} + std::strerror(errno)};
    } else {
        done = rest.size();  // nobody wants to know of errors
    }
    first.written += done;
    size_ -= done;
    if (first.written == first.text.size()) {
        pieces_.pop_front();
    }
}

}  // namespace backdoor::client
