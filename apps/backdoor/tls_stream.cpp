#include "tls_stream.hpp"

#include "failure.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace backdoor::client {

namespace {

template <auto release>
struct releaser {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using ssl_context = std::unique_ptr<SSL_CTX, releaser<SSL_CTX_free>>;
using ssl_connection = std::unique_ptr<SSL, releaser<SSL_free>>;

[[noreturn]] void fail(const std::string& why) { throw failure{status::usage, why}; }

/// What OpenSSL failed with; the first error may say of the system why.
std::string reason() {
    const auto first = ERR_peek_error();
    if (ERR_SYSTEM_ERROR(first)) {
        return std::strerror(ERR_GET_REASON(first));
    }
    const char* const text = ERR_reason_error_string(ERR_peek_last_error());
    return text != nullptr ? text : "unknown reason";
}

void require(int success, const std::string& file, const char* remedy) {
    if (success != 1) {
        fail("cannot use " + file + ": " + reason() + "; " + remedy);
    }
}

ssl_context make_context(const tls_files& files) {
    ssl_context context{SSL_CTX_new(TLS_client_method())};
    if (!context) {
        fail("OpenSSL has no TLS: " + reason());
    }
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    if (files.authorities.empty()) {
        SSL_CTX_set_default_verify_paths(context.get());
    } else {
        require(SSL_CTX_load_verify_file(context.get(), files.authorities.c_str()), files.authorities,
                "--cafile is a PEM file with the certificates of those who issue servers' ones");
    }
    if (!files.certificate.empty()) {
        require(SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()),
                files.certificate, "--cert is a PEM file with a certificate");
        const auto& key = files.key.empty() ? files.certificate : files.key;
        require(SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM), key,
                "--key is a PEM file with the private key of the certificate");
    }
    return context;
}

/// Of the other side only a certificate for `host` is good.
void expect(SSL* ssl, const std::string& host) {
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1) {
        return;
    }
    if (SSL_set1_host(ssl, host.c_str()) != 1 || SSL_set_tlsext_host_name(ssl, host.c_str()) != 1) {
        fail("'" + host + "' is no name for a certificate");
    }
}

std::string why_not(SSL* ssl, const std::string& host) {
    switch (const auto result = SSL_get_verify_result(ssl)) {
        case X509_V_OK:
            break;
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "its certificate is not for '" + host + "'; give TARGET the name that it is for";
        default:
            return "its certificate is not good: " +
                   std::string{X509_verify_cert_error_string(result)} +
                   "; --cafile names a file with the certificates of those who issue servers' ones";
    }
    switch (ERR_GET_REASON(ERR_peek_last_error())) {
        case SSL_R_WRONG_VERSION_NUMBER:
        case SSL_R_PACKET_LENGTH_TOO_LONG:
            return "it does not speak TLS: leave out --cert, --key and --cafile";
        default:
            return "no TLS with it: " + (ERR_peek_error() != 0 ? reason() : "it closed the connection");
    }
}

class tls_stream final : public stream {
public:
    tls_stream(descriptor socket, ssl_connection ssl)
        : stream{std::move(socket)}, ssl_{std::move(ssl)} {}
    ~tls_stream() override { SSL_shutdown(ssl_.get()); }

    std::optional<std::size_t> send(std::string_view bytes) override {
        ERR_clear_error();
        const int count = SSL_write(ssl_.get(), bytes.data(), size_of(bytes.size()));
        if (count > 0) {
            return static_cast<std::size_t>(count);
        }
        return is_to_wait(count) ? std::optional<std::size_t>{0} : std::nullopt;
    }

    // One record at a time, none larger than a buffer should be: nothing stays in OpenSSL's that
    // poll() would not tell of.
    std::optional<std::size_t> receive(std::span<char> buffer) override {
        ERR_clear_error();
        const int count = SSL_read(ssl_.get(), buffer.data(), size_of(buffer.size()));
        if (count > 0) {
            return static_cast<std::size_t>(count);
        }
        if (is_to_wait(count)) {
            return std::nullopt;
        }
        const int code = ERR_GET_REASON(ERR_peek_last_error());
        if (code == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED) {
            throw failure{status::lost, "it wants a certificate: give --cert and --key"};
        }
        if (code > SSL_AD_REASON_OFFSET) {
            throw failure{status::lost, "it does not let this certificate in: " + reason() +
                                            " (its log says more)"};
        }
        return 0;
    }

private:
    static int size_of(std::size_t bytes) { return static_cast<int>(std::min<std::size_t>(bytes, 1 << 20)); }
    bool is_to_wait(int result) const {
        const int code = SSL_get_error(ssl_.get(), result);
        return code == SSL_ERROR_WANT_READ || code == SSL_ERROR_WANT_WRITE;
    }

    ssl_connection ssl_;
};

}  // namespace

std::unique_ptr<stream> begin_tls(descriptor socket, const tls_files& files, const std::string& host,
                                  clock::time_point deadline) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes as to any file
    const auto context = make_context(files);
    ssl_connection ssl{SSL_new(context.get())};
    if (!ssl || SSL_set_fd(ssl.get(), socket.get()) != 1) {
        fail("OpenSSL has no TLS: " + reason());
    }
    expect(ssl.get(), host);
    for (;;) {
        ERR_clear_error();
        const int result = SSL_connect(ssl.get());
        if (result == 1) {
            return std::make_unique<tls_stream>(std::move(socket), std::move(ssl));
        }
        const int code = SSL_get_error(ssl.get(), result);
        if (code != SSL_ERROR_WANT_READ && code != SSL_ERROR_WANT_WRITE) {
            fail(why_not(ssl.get(), host));
        }
        pollfd ready{socket.get(), static_cast<short>(code == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
        if (poll(&ready, 1, milliseconds_until(deadline)) == 0) {
            throw failure{status::timed_out, "timed out (--timeout), in the beginning of TLS"};
        }
    }
}

}  // namespace backdoor::client
