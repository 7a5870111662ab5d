#include "session/announcement.hpp"

#include "session/best_effort.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <string>

namespace backdoor {

namespace {

std::string kind_of(const listener& door, const options& choices) {
    if (door.is_unix()) {
        return "unix";
    }
    if (!choices.tls_certificate.empty()) {
        return "tls";
    }
    return choices.ssh_authorized_keys.empty() ? "tcp" : "ssh";
}

std::string address_of(const listener& door) {
    return door.is_unix() ? std::filesystem::absolute(door.address()).string() : door.address();
}

unique_fd bind_name(const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // The first byte stays zero, which makes it no file's.
    if (name.size() >= sizeof address.sun_path) {
        return {};
    }
    name.copy(address.sun_path + 1, name.size());
    unique_fd fd{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) {
        fd.reset();
    }
    return fd;
}

}  // namespace

unique_fd announce(const listener& door, const options& choices) noexcept {
    unique_fd fd;
    if (door.address().empty() || door.address().starts_with('@')) {
        return fd;  // nobody could tell whose it is
    }
    best_effort([&] {
        fd = bind_name("backdoor/" + kind_of(door, choices) + "/" + std::to_string(getpid()) + "/" +
                       address_of(door));
    });
    return fd;
}

}  // namespace backdoor
