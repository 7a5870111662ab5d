#include "connect.hpp"

#include "failure.hpp"
#include "places.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>

namespace backdoor::client {

namespace {

// Seconds of silence after which the server is asked whether it is there, and then again: one that has
// vanished is noticed, and NATs between here and there go on knowing the connection.
constexpr int keep_alive_interval = 60;

// How often it is looked whether a console has come.
constexpr std::chrono::milliseconds retry_interval{50};

[[noreturn]] void fail(const target& where, const std::string& why) {
    throw failure{status::usage, where.name + ": " + why};
}

/// 0, or the number of the error.
int connect_by(const descriptor& socket, const sockaddr* address, socklen_t size,
               clock::time_point deadline) {
    if (connect(socket.get(), address, size) == 0) {
        return 0;
    }
    if (errno != EINPROGRESS) {
        return errno;
    }
    pollfd state{socket.get(), POLLOUT, 0};
    if (poll(&state, 1, milliseconds_until(deadline)) <= 0) {
        return ETIMEDOUT;
    }
    int problem = 0;
    socklen_t length = sizeof problem;
    getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &problem, &length);
    return problem;
}

descriptor new_socket(int family) {
    return descriptor{socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
}

descriptor connect_unix(const target& where, int& problem, clock::time_point deadline) {
    const auto& path = where.name;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        fail(where, "the path has " + std::to_string(path.size()) +
                        " bytes, a unix socket's may have " +
                        std::to_string(sizeof address.sun_path - 1));
    }
    path.copy(address.sun_path, path.size());
    socklen_t size = sizeof address;
    if (path.starts_with('@')) {
        address.sun_path[0] = '\0';
        size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    }
    auto one = new_socket(AF_UNIX);
    problem = connect_by(one, reinterpret_cast<const sockaddr*>(&address), size, deadline);
    return one;
}

void set_options(const descriptor& socket) {
    const auto set = [&](int level, int option, int value) {
        setsockopt(socket.get(), level, option, &value, sizeof value);
    };
    set(IPPROTO_TCP, TCP_NODELAY, 1);
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, keep_alive_interval);
    set(IPPROTO_TCP, TCP_KEEPINTVL, keep_alive_interval);
}

descriptor connect_tcp(const target& where, int& problem, clock::time_point deadline) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int code = getaddrinfo(where.host.c_str(), where.port.c_str(), &hints, &found);
        code != 0) {
        fail(where, gai_strerror(code));
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> results{found, freeaddrinfo};
    for (const auto* one = found; one != nullptr; one = one->ai_next) {
        auto socket = new_socket(one->ai_family);
        problem = connect_by(socket, one->ai_addr, one->ai_addrlen, deadline);
        if (problem == 0) {
            set_options(socket);
            return socket;
        }
    }
    return {};
}

std::string explain(int problem) {
    switch (problem) {
        case EACCES:
            return "permission denied: a console lets in its own user and root";
        case ECONNREFUSED:
            return "nobody listens there (any more)";
        case EAGAIN:
            return "its queue of clients is full";
        default:
            return std::strerror(problem);
    }
}

bool is_address(const target& where) {
    return where.what == target::kind::tcp || where.what == target::kind::unix_socket;
}

bool may_come(int problem) {
    return problem == ENOENT || problem == ECONNREFUSED || problem == EAGAIN;
}

}  // namespace

int milliseconds_until(clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000));
}

reached_console connect_to(const target& where, bool wait, clock::time_point deadline) {
    for (;;) {
        std::string why;
        try {
            int problem = 0;
            const auto address = is_address(where) ? where : find_console(where, places());
            auto socket = address.what == target::kind::tcp ? connect_tcp(address, problem, deadline)
                                                            : connect_unix(address, problem, deadline);
            if (problem == 0) {
                return {std::move(socket), address};
            }
            if (!wait || !may_come(problem)) {
                fail(where, explain(problem));
            }
            why = explain(problem);
        } catch (const failure& none) {
            if (!wait || is_address(where)) {
                throw;
            }
            why = none.what();
        }
        if (clock::now() + retry_interval > deadline) {
            throw failure{status::timed_out, where.name + ": waited in vain: " + why};
        }
        std::this_thread::sleep_for(retry_interval);
    }
}

}  // namespace backdoor::client
