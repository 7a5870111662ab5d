#include <backdoor/listener.hpp>

#include "session/address.hpp"
#include "session/front.hpp"
#include "session/unix_door.hpp"

#include <backdoor/error.hpp>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>

namespace backdoor {

void unique_fd::reset(int fd) {
    if (fd_ >= 0) {
        close(fd_);
    }
    fd_ = fd;
}

namespace {

constexpr int backlog = 1024;

[[noreturn]] void fail(std::string_view address, const std::string& why) {
    throw cannot_listen(address, why);
}

std::string show(const sockaddr_storage& address, socklen_t size) {
    if (address.ss_family == AF_UNIX) {
        const auto& local = reinterpret_cast<const sockaddr_un&>(address);
        const auto length = size - offsetof(sockaddr_un, sun_path);
        if (size <= offsetof(sockaddr_un, sun_path)) {
            return {};
        }
        std::string path{local.sun_path, length};
        if (path[0] == '\0') {
            path[0] = '@';
        }
        return path.substr(0, path.find('\0'));
    }
    char host[INET6_ADDRSTRLEN] = {};
    if (address.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
        inet_ntop(AF_INET6, &v6.sin6_addr, host, sizeof host);
        return "[" + std::string{host} + "]:" + std::to_string(ntohs(v6.sin6_port));
    }
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &v4.sin_addr, host, sizeof host);
    return std::string{host} + ":" + std::to_string(ntohs(v4.sin_port));
}

unsigned short port_of(const sockaddr_storage& address) {
    switch (address.ss_family) {
        case AF_INET:
            return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
        case AF_INET6:
            return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
        default:
            return 0;
    }
}

bool is_loopback(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    return address.sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
}

// ---- TCP --------------------------------------------------------------------------------------

[[noreturn]] void refuse_network(std::string_view address) {
    fail(address, "whoever reaches a console is this process, so it is opened to the network only "
                  "for clients with keys: set options.ssh_authorized_keys and ssh_host_key, or "
                  "tls_certificate, tls_key and tls_client_ca; or listen on localhost or a unix socket, and come in through ssh");
}

unique_fd listen_tcp(std::string_view address, bool open_to_network) {
    const auto [host, port] = split_address(address);
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    if (const int code = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); code != 0) {
        fail(address, std::string{gai_strerror(code)} + " (host '" + host + "')");
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> results{found, freeaddrinfo};

    // localhost may be both ::1 and 127.0.0.1; clients try both, and old ones only the latter.
    const addrinfo* chosen = found;
    for (const auto* one = found; one != nullptr; one = one->ai_next) {
        if (one->ai_family == AF_INET) {
            chosen = one;
            break;
        }
    }
    if (!open_to_network && !is_loopback(*chosen->ai_addr)) {
        refuse_network(address);
    }
    unique_fd fd{socket(chosen->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const int on = 1;
    setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!fd || bind(fd.get(), chosen->ai_addr, chosen->ai_addrlen) != 0 ||
        ::listen(fd.get(), backlog) != 0) {
        fail(address, errno == EADDRINUSE
                          ? "the port is in use; choose another, or 0 for any free one"
                          : std::string{std::strerror(errno)});
    }
    return fd;
}

}  // namespace

// ---- listener ---------------------------------------------------------------------------------

listener::listener(unique_fd fd) : listener{bound_anywhere(std::move(fd))} {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    if (!is_unix_ && !is_loopback(reinterpret_cast<const sockaddr&>(address))) {
        refuse_network(address_);
    }
}

listener listener::bound_anywhere(unique_fd fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    int listening = 0;
    socklen_t option_size = sizeof listening;
    if (getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        getsockopt(fd.get(), SOL_SOCKET, SO_ACCEPTCONN, &listening, &option_size) != 0 ||
        listening == 0) {
        throw error{"backdoor: descriptor " + std::to_string(fd.get()) +
                    " is no listening socket; call listen() on it first"};
    }
    listener result;
    result.fd_ = std::move(fd);
    result.address_ = show(address, size);
    result.port_ = port_of(address);
    result.is_unix_ = address.ss_family == AF_UNIX;
    return result;
}

listener::listener(listener&&) noexcept = default;
listener& listener::operator=(listener&&) noexcept = default;
listener::~listener() { close(); }

void listener::close() noexcept {
    file_.reset();
    fd_.reset();
}

listener listen(std::string_view address, const options& choices) {
    constexpr std::string_view unix_prefix = "unix:";
    const bool named_unix = address.starts_with(unix_prefix);
    if (!named_unix && address.find('/') == std::string_view::npos) {
        return listener::bound_anywhere(listen_tcp(address, asks_for_keys(choices)));
    }
    const bool guests = !choices.allowed_users.empty() || !choices.allowed_groups.empty();
    auto door =
        listen_unix(unix_path(named_unix ? address.substr(unix_prefix.size()) : address), guests);
    listener result{std::move(door.fd)};
    result.file_ = std::move(door.file);
    return result;
}

// ---- connection -------------------------------------------------------------------------------

connection::connection(unique_fd fd, std::string peer) : fd_{std::move(fd)}, peer_{std::move(peer)} {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (getpeername(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw error{"backdoor: descriptor " + std::to_string(fd_.get()) +
                    " is no connected socket (" + std::strerror(errno) +
                    "); give one that accept() returned"};
    }
    if (peer_.empty() && address.ss_family != AF_UNIX) {
        peer_ = show(address, size);
    }
}

}  // namespace backdoor
