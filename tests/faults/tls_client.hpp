// A client with a certificate, in the test's own process: other people's programs would take too long to
// start hundreds of times.
#pragma once

#include <string>
#include <string_view>

#include "support/certificates.hpp"
#include "support/client.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace backdoor::test {

/// At a prompt behind TLS. Throws std::runtime_error, with "in time" in its text where the server does not
/// answer.
class tls_client {
public:
    tls_client(const std::string& address, const certificate& own, const std::string& authority);
    tls_client(const tls_client&) = delete;
    tls_client& operator=(const tls_client&) = delete;
    ~tls_client();

    void send(std::string_view bytes);
    void read_until(std::string_view mark);
    void read_to_end();

private:
    std::size_t receive();

    client socket_;
    ssl_ctx_st* context_ = nullptr;
    ssl_st* ssl_ = nullptr;
    std::string received_;
};

}  // namespace backdoor::test
