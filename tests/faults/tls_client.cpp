#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <stdexcept>

#include "faults/tls_client.hpp"

namespace backdoor::test {

tls_client::tls_client(const std::string& address, const certificate& own,
                       const std::string& authority)
    : socket_{address}, context_{SSL_CTX_new(TLS_client_method())}, ssl_{SSL_new(context_)} {
    const timeval limit{patience.count(), 0};
    setsockopt(socket_.fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket_.fd(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    SSL_CTX_load_verify_locations(context_, authority.c_str(), nullptr);
    SSL_use_certificate_file(ssl_, own.file.c_str(), SSL_FILETYPE_PEM);
    SSL_use_PrivateKey_file(ssl_, own.key.c_str(), SSL_FILETYPE_PEM);
    SSL_set_fd(ssl_, socket_.fd());
    errno = 0;
    if (SSL_connect(ssl_) != 1) {
        const bool late = errno == EAGAIN;
        SSL_free(ssl_);
        SSL_CTX_free(context_);
        throw std::runtime_error{late ? "no TLS in time" : "no TLS"};
    }
}

tls_client::~tls_client() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
}

void tls_client::send(std::string_view bytes) {
    if (SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) <= 0) {
        throw std::runtime_error{"cannot send"};
    }
}

/// 0 at the end.
std::size_t tls_client::receive() {
    char buffer[4096];
    errno = 0;
    const int size = SSL_read(ssl_, buffer, sizeof buffer);
    if (size <= 0 && errno == EAGAIN) {
        throw std::runtime_error{"nothing more came in time, after: " + received_};
    }
    const auto count = static_cast<std::size_t>(size > 0 ? size : 0);
    received_.append(buffer, count);
    return count;
}

void tls_client::read_until(std::string_view mark) {
    while (received_.find(mark) == std::string::npos) {
        if (receive() == 0) {
            throw std::runtime_error{"closed after: " + received_};
        }
    }
    received_.erase(0, received_.find(mark) + mark.size());
}

void tls_client::read_to_end() {
    while (receive() > 0) {
    }
}

}  // namespace backdoor::test
