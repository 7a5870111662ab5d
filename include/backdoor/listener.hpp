// Listening sockets and accepted connections.
#pragma once

#include <backdoor/export.hpp>
#include <backdoor/options.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace backdoor {

/// An owned descriptor. Moved, never copied; closed at the end.
class BACKDOOR_API unique_fd {
public:
    unique_fd() = default;
    explicit unique_fd(int fd) : fd_{fd} {}
    unique_fd(unique_fd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    unique_fd& operator=(unique_fd&& other) noexcept {
        reset(std::exchange(other.fd_, -1));
        return *this;
    }
    ~unique_fd() { reset(); }

    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }
    void reset(int fd = -1);
    explicit operator bool() const { return fd_ >= 0; }

private:
    int fd_ = -1;
};

/// A socket that listens: what backdoor_server() and server take.
/// Thread safety: none; hand it over to one server.
class BACKDOOR_API listener {
public:
    /// Takes over a descriptor that already listens (systemd socket activation, a socket of the
    /// host's own). Throws error where it is no listening stream socket.
    explicit listener(int fd) : listener{unique_fd{fd}} {}
    explicit listener(unique_fd fd);

    /// The same for a socket that the host bound itself, to any address: without TLS its clients from
    /// beyond this machine are turned away one by one.
    static listener bound_anywhere(unique_fd fd);

    listener(listener&& other) noexcept;
    listener& operator=(listener&& other) noexcept;
    /// Closes it, and removes the path of a unix socket that listen() made.
    ~listener();

    int fd() const { return fd_.get(); }
    /// As the log shows it: "127.0.0.1:3000", "[::1]:3000", or the path of a unix socket.
    const std::string& address() const { return address_; }
    /// The TCP port; 0 for a unix socket.
    unsigned short port() const { return port_; }
    bool is_unix() const { return is_unix_; }
    /// Listens no more, as the destructor.
    void close() noexcept;

private:
    friend listener listen(std::string_view address, const options& choices);

    listener() = default;

    unique_fd fd_;
    std::string address_;
    std::shared_ptr<void> file_;  // removes a unix socket's file
    unsigned short port_ = 0;
    bool is_unix_ = false;
};

/// A listening socket, as eventlet.listen: "localhost:3000", "127.0.0.1:0", "[::1]:3000", "3000"
/// (on localhost), "unix:/run/app.sock" or a path with a slash in it.
///
/// Of unix sockets also: "unix:orders", in this user's place for them ($XDG_RUNTIME_DIR/backdoor, or
/// /run/backdoor, made where missing); "unix:", which is "unix:{name}.{pid}"; "unix:@orders", an
/// abstract name. {pid} and {name} stand for this process's number and program everywhere.
/// A socket has mode 0600 before it is visible (0666 where `choices` let others in, of whom the kernel
/// is asked), replaces a file only where that is a socket at which nobody answers, and is removed
/// at the end. Folders in which others could replace it are refused.
///
/// Of the choices allowed_users, allowed_groups and the TLS files matter here.
/// Throws error for what is no address, an address beyond this machine's loopback without TLS,
/// a port in use, a path too long. May wait a second for another process that listens in the same
/// folder just now.
BACKDOOR_API listener listen(std::string_view address, const options& choices = {});

/// An accepted client: what backdoor() and SocketConsole take.
class BACKDOOR_API connection {
public:
    /// Takes over a connected stream socket. `peer` is what the log calls it; empty: asked of the
    /// socket, "127.0.0.1:51234" (a unix socket's client has no name). Throws error where it is
    /// none.
    explicit connection(int fd, std::string peer = {})
        : connection{unique_fd{fd}, std::move(peer)} {}
    explicit connection(unique_fd fd, std::string peer = {});

    int fd() const { return fd_.get(); }
    const std::string& peer() const { return peer_; }
    /// Hands the socket over.
    unique_fd release() { return std::move(fd_); }

private:
    unique_fd fd_;
    std::string peer_;
};

}  // namespace backdoor
