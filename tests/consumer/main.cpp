// A program as a user writes one: opens a door, walks in, asks for 6*7.
#include <backdoor/backdoor.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

int connect_to(unsigned short port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_port = htons(port);
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{20, 0};  // one quiet receive; a loaded machine starts Python slowly
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0) {
        throw std::runtime_error{"cannot connect to port " + std::to_string(port)};
    }
    return fd;
}

std::string read_to_prompt(int fd) {
    std::string text;
    while (!text.ends_with(">>> ")) {
        char buffer[4096];
        const auto size = ::recv(fd, buffer, sizeof buffer, 0);
        if (size <= 0) {
            throw std::runtime_error{"no prompt, only: " + text};
        }
        text.append(buffer, static_cast<std::size_t>(size));
    }
    return text;
}

}  // namespace

int main() try {
    backdoor::server door{"127.0.0.1:0"};
    const int fd = connect_to(door.port());
    read_to_prompt(fd);
    constexpr std::string_view question = "6*7\n";
    if (::send(fd, question.data(), question.size(), 0) != static_cast<ssize_t>(question.size())) {
        throw std::runtime_error{"cannot send"};
    }
    const auto answer = read_to_prompt(fd);
    ::close(fd);
    if (answer.find("42") == std::string::npos) {
        throw std::runtime_error{"6*7 gave: " + answer};
    }
    std::puts("6*7 gave 42");
} catch (const std::exception& e) {
    std::fprintf(stderr, "consumer: %s\n", e.what());
    return 1;
}
