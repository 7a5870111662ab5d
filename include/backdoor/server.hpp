// The everyday owner of consoles, and the seed's two functions.
#pragma once

#include <backdoor/export.hpp>
#include <backdoor/listener.hpp>
#include <backdoor/locals.hpp>
#include <backdoor/options.hpp>

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace backdoor {

/// Listens, and gives each client a Python prompt inside this process, until it is destroyed.
///
///     backdoor::server door{"localhost:3000", names};
///
/// The first server starts the process's one IO thread, the last one joins it; a console gets a
/// thread of its own with its first command. Python starts with the first command, or is adopted
/// where the host already runs it; it is never finalized by us. Nothing else of the process
/// changes: no signal handler, no locale, no standard stream.
///
/// Destroy it before Py_FinalizeEx, where the host calls that.
/// Thread safety: all members may be called from any thread, with or without the GIL.
class BACKDOOR_API server {
public:
    /// Listens at `address` (see listen()) and serves at once.
    /// Throws error where it cannot listen, or no usable libpython is found.
    explicit server(std::string_view address, locals names = {}, options choices = {});
    /// Serves an already listening socket.
    explicit server(listener socket, locals names = {}, options choices = {});
    server(server&&) noexcept;
    server& operator=(server&&) noexcept;
    /// stop()
    ~server();

    /// "127.0.0.1:3000", or the path of the unix socket.
    const std::string& address() const;
    /// The TCP port, also where the system chose it; 0 for a unix socket.
    unsigned short port() const;

    /// Closes the listener and every console, interrupts what runs, and waits for it, at most
    /// options::shutdown_limit; what still runs then is left to itself. So is the IO thread, where it has
    /// not answered for 2 s, since a log function has not returned, or the host has closed all descriptors;
    /// the log says so. Safe to call twice.
    void stop();

private:
    class implementation;
    std::unique_ptr<implementation> implementation_;
};

namespace detail {

struct BACKDOOR_API backdoor_server_function {
    void operator()(listener socket, locals names = {}, options choices = {}) const;
    void operator()(std::stop_token stop, listener socket, locals names = {},
                    options choices = {}) const;
};

}  // namespace detail

/// The seed's backdoor_server(sock, locals=None): serves consoles on a listening socket, and
/// blocks the calling thread meanwhile.
///
///     auto door = backdoor::spawn(backdoor::backdoor_server, backdoor::listen("localhost:3000"));
///
/// Returns when `stop` is requested (spawn()'s handle does so when it is destroyed), or when the
/// process ends. Throws as server's constructor does.
inline constexpr detail::backdoor_server_function backdoor_server{};

/// The seed's backdoor(conn_info, locals=None): gives one connected client a console, and returns
/// at once. Meant for an accept loop of the host's own. The console lives until its client leaves.
BACKDOOR_API void backdoor(connection client, locals names = {}, options choices = {});

}  // namespace backdoor
