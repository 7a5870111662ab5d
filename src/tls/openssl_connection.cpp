#include "tls/openssl_connection.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>

namespace backdoor::tls {

namespace {

int verify(int good, X509_STORE_CTX* found) {
    auto* const ssl = static_cast<SSL*>(
        X509_STORE_CTX_get_ex_data(found, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* const connection = static_cast<openssl_connection*>(SSL_get_app_data(ssl));
    if (good == 1 && X509_STORE_CTX_get_error_depth(found) == 0 && !connection->may_enter(found)) {
        X509_STORE_CTX_set_error(found, X509_V_ERR_APPLICATION_VERIFICATION);
        return 0;
    }
    return good;
}

int size_of(std::string_view bytes) { return static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)); }

}  // namespace

void require_clients_certificate(SSL_CTX* context) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, verify);
}

openssl_connection::openssl_connection(
    SSL_CTX* context, std::shared_ptr<const std::vector<std::string>> allowed_names)
    : allowed_names_{std::move(allowed_names)}, ssl_{SSL_new(context)} {
    BIO* const in = BIO_new(BIO_s_mem());
    BIO* const out = BIO_new(BIO_s_mem());
    if (!ssl_ || in == nullptr || out == nullptr) {
        BIO_free(in);
        BIO_free(out);
        throw std::bad_alloc{};
    }
    SSL_set_bio(ssl_.get(), in, out);
    SSL_set_app_data(ssl_.get(), this);
    SSL_set_accept_state(ssl_.get());
}

openssl_connection::~openssl_connection() {
    try {
        const auto guard = use_openssl();
        ssl_.reset();
    } catch (const std::runtime_error&) {
        (void)ssl_.release();  // the process exits, and OpenSSL has gone first
    }
}

// ---- who is it --------------------------------------------------------------------------------

bool openssl_connection::may_enter(X509_STORE_CTX* found) {
    auto name = name_of(X509_STORE_CTX_get0_cert(found));
    const auto& allowed = *allowed_names_;
    if (name.empty()) {
        refusal_ = "its certificate has no name, more than one, or one that cannot be shown";
    } else if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
        refusal_ = "'" + name + "' is not among options.tls_allowed_names";
    } else {
        client_name_ = std::move(name);
    }
    return refusal_.empty();
}

void openssl_connection::fail(const error_scope& errors) {
    if (!refusal_.empty()) {
        throw std::runtime_error{refusal_};
    }
    if (const auto result = SSL_get_verify_result(ssl_.get()); result != X509_V_OK) {
        throw std::runtime_error{"its certificate is not good: " +
                                 std::string{X509_verify_cert_error_string(result)}};
    }
    switch (errors.code()) {
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            throw std::runtime_error{"it shows no certificate"};
        case SSL_R_HTTP_REQUEST:
        case SSL_R_HTTPS_PROXY_REQUEST:
            throw std::runtime_error{"it speaks HTTP"};
        default:
            throw std::runtime_error{"its TLS is not good: " + errors.reason()};
    }
}

void openssl_connection::shake_hands() {
    const error_scope errors;
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
        established_ = true;
    } else if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) {
        fail(errors);
    }
}

// ---- bytes ------------------------------------------------------------------------------------

void openssl_connection::receive(std::string_view bytes) {
    const auto guard = use_openssl();
    while (!bytes.empty()) {
        const int taken = BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), size_of(bytes));
        if (taken <= 0) {
            throw std::bad_alloc{};
        }
        bytes.remove_prefix(static_cast<std::size_t>(taken));
    }
    if (!established_) {
        shake_hands();
    }
    if (established_) {
        read();
    }
}

void openssl_connection::read() {
    std::array<char, 16 * 1024> buffer;
    for (;;) {
        const error_scope errors;
        const int size = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
        if (size > 0) {
            input_.append(buffer.data(), static_cast<std::size_t>(size));
            continue;
        }
        switch (SSL_get_error(ssl_.get(), size)) {
            case SSL_ERROR_WANT_READ:
                return;
            case SSL_ERROR_ZERO_RETURN:
                input_over_ = true;
                return;
            default:
                fail(errors);
        }
    }
}

std::string openssl_connection::take_output() {
    const auto guard = use_openssl();
    BIO* const out = SSL_get_wbio(ssl_.get());
    std::string bytes(BIO_ctrl_pending(out), '\0');
    if (!bytes.empty()) {
        const int size = BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
        bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    return bytes;
}

void openssl_connection::send(std::string_view text) {
    const auto guard = use_openssl();
    while (!text.empty()) {
        const error_scope errors;
        const int taken = SSL_write(ssl_.get(), text.data(), size_of(text));
        if (taken <= 0) {
            fail(errors);
        }
        text.remove_prefix(static_cast<std::size_t>(taken));
    }
}

void openssl_connection::end_output() {
    const auto guard = use_openssl();
    const error_scope errors;
    SSL_shutdown(ssl_.get());
}

}  // namespace backdoor::tls
