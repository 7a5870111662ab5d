#include "stream.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace backdoor::client {

namespace {

bool is_temporary(int code) { return code == EAGAIN || code == EINTR; }

}  // namespace

std::optional<std::size_t> stream::send(std::string_view bytes) {
    const auto count = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
        return static_cast<std::size_t>(count);
    }
    return is_temporary(errno) ? std::optional<std::size_t>{0} : std::nullopt;
}

std::optional<std::size_t> stream::receive(std::span<char> buffer) {
    const auto count = recv(fd(), buffer.data(), buffer.size(), 0);
    if (count >= 0) {
        return static_cast<std::size_t>(count);
    }
    return is_temporary(errno) ? std::nullopt : std::optional<std::size_t>{0};
}

}  // namespace backdoor::client
