// One client's connection, by OpenSSL.
#pragma once

#include "tls/openssl.hpp"
#include "tls/tls.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace backdoor::tls {

/// Clients without a good certificate fail in the handshake.
void require_clients_certificate(SSL_CTX* context);

/// Between two buffers in memory: OpenSSL sees no socket.
class openssl_connection final : public connection {
public:
    /// Of one who holds use_openssl().
    openssl_connection(SSL_CTX* context,
                       std::shared_ptr<const std::vector<std::string>> allowed_names);
    ~openssl_connection() override;

    void receive(std::string_view bytes) override;
    std::string take_output() override;
    bool is_established() const override { return established_; }
    const std::string& client_name() const override { return client_name_; }
    std::string take_input() override { return std::exchange(input_, {}); }
    bool input_is_over() const override { return input_over_; }
    void send(std::string_view text) override;
    void end_output() override;

    /// OpenSSL asks whether the certificate that it has found good may enter.
    bool may_enter(X509_STORE_CTX* found);

private:
    void shake_hands();
    void read();
    [[noreturn]] void fail(const error_scope& errors);

    const std::shared_ptr<const std::vector<std::string>> allowed_names_;
    ssl_connection ssl_;
    std::string client_name_;
    std::string refusal_;
    std::string input_;
    bool established_ = false;
    bool input_over_ = false;
};

}  // namespace backdoor::tls
