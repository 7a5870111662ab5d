#include "support/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace backdoor::test {

namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error{what + ": " + std::strerror(errno)};
}

template <class Address>
unique_fd connect_to(const Address& address, const std::string& name) {
    unique_fd fd{socket(reinterpret_cast<const sockaddr&>(address).sa_family,
                        SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!fd ||
        connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        fail("cannot connect to " + name);
    }
    return fd;
}

unique_fd connect_to(const std::string& address) {
    if (address.find('/') != std::string::npos) {
        sockaddr_un local{};
        local.sun_family = AF_UNIX;
        address.copy(local.sun_path, sizeof local.sun_path - 1);
        return connect_to(local, address);
    }
    const auto colon = address.rfind(':');
    const auto port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
    if (address.starts_with('[')) {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = port;
        inet_pton(AF_INET6, address.substr(1, colon - 2).c_str(), &v6.sin6_addr);
        return connect_to(v6, address);
    }
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = port;
    inet_pton(AF_INET, address.substr(0, colon).c_str(), &v4.sin_addr);
    return connect_to(v4, address);
}

}  // namespace

client::client(const std::string& address) : fd_{connect_to(address)} {}

void client::send(std::string_view bytes) {
    const auto end = clock::now() + patience;
    while (!bytes.empty()) {
        const auto sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        pollfd state{fd_.get(), POLLOUT, 0};
        if ((errno != EAGAIN && errno != EINTR) || clock::now() > end || poll(&state, 1, 100) < 0) {
            fail("cannot send");
        }
    }
}

bool client::receive(clock::time_point end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - clock::now()).count();
    pollfd state{fd_.get(), POLLIN, 0};
    if (left <= 0 || poll(&state, 1, static_cast<int>(left)) <= 0) {
        throw std::runtime_error{"nothing more came in time, after: " + received_};
    }
    std::vector<char> buffer(64 * 1024);
    const auto size = recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (size < 0) {
        fail("cannot receive, after: " + received_);
    }
    received_.append(buffer.data(), static_cast<std::size_t>(size));
    return size > 0;
}

std::string client::read_until(std::string_view mark, clock::duration limit) {
    const auto end = clock::now() + limit;
    std::size_t searched = 0;
    for (;;) {
        const auto found = received_.find(mark, searched);
        if (found != std::string::npos) {
            auto text = received_.substr(0, found + mark.size());
            received_.erase(0, found + mark.size());
            return text;
        }
        searched = received_.size() < mark.size() ? 0 : received_.size() - mark.size();
        if (!receive(end)) {
            throw std::runtime_error{"the server has closed, after: " + received_};
        }
    }
}

std::string client::read_before(std::string_view mark, clock::duration limit) {
    auto text = read_until(mark, limit);
    text.resize(text.size() - mark.size());
    return text;
}

std::string client::read_to_end(clock::duration limit) {
    const auto end = clock::now() + limit;
    while (receive(end)) {
    }
    return std::exchange(received_, {});
}

std::string client::read_some(clock::duration limit) {
    if (received_.empty() && !receive(clock::now() + limit)) {
        throw std::runtime_error{"the server has closed"};
    }
    return std::exchange(received_, {});
}

std::string client::read_for(clock::duration time) {
    const auto end = clock::now() + time;
    pollfd state{fd_.get(), POLLIN, 0};
    while (clock::now() < end) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - clock::now()).count();
        if (poll(&state, 1, static_cast<int>(left)) <= 0 || !receive(clock::now() + patience)) {
            break;
        }
    }
    return std::exchange(received_, {});
}

client& client::greeted() {
    read_until(prompt);
    return *this;
}

std::string client::run(std::string_view line) {
    send(std::string{line} + "\n");
    return read_before(prompt);
}

void client::half_close() { shutdown(fd_.get(), SHUT_WR); }

void client::reset() {
    const linger at_once{1, 0};
    setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    fd_.reset();
}

}  // namespace backdoor::test
