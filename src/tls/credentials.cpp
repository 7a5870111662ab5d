// What the files hold, as OpenSSL wants it.
#include "tls/openssl.hpp"
#include "tls/openssl_connection.hpp"
#include "tls/tls.hpp"

#include <openssl/err.h>

#include <stdexcept>

namespace backdoor::tls {

namespace {

/// OpenSSL's objects of ours alone: neither we nor the host see what the other loads or configures. Never
/// freed, since each thread that has used it goes by it once more when it ends.
OSSL_LIB_CTX* library() {
    static OSSL_LIB_CTX* const ours = OSSL_LIB_CTX_new();
    return ours;
}

/// OpenSSL would ask for it on the process's terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

void require(int success, const error_scope& errors, const char* option, const std::string& file,
             const char* remedy) {
    if (success != 1) {
        throw std::runtime_error{"options." + std::string{option} + ": '" + file + "': " +
                                 errors.reason() + "; " + remedy};
    }
}

/// Revoked certificates are refused where the authorities' file has lists of them.
void check_revocations(X509_STORE* store) {
    const auto* objects = X509_STORE_get0_objects(store);
    for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i) {
        if (X509_OBJECT_get_type(sk_X509_OBJECT_value(objects, i)) == X509_LU_CRL) {
            X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
            return;
        }
    }
}

class openssl_credentials final : public credentials {
public:
    openssl_credentials(const files& from, std::vector<std::string> allowed_names)
        : allowed_names_{std::make_shared<const std::vector<std::string>>(std::move(allowed_names))} {
        const auto guard = use_openssl();
        const error_scope errors;
        context_.reset(SSL_CTX_new_ex(library(), nullptr, TLS_server_method()));
        if (!context_) {
            throw std::runtime_error{"OpenSSL has no TLS: " + errors.reason()};
        }
        auto* const context = context_.get();
        SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
        SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
        // Each client shows its certificate anew, to the files as they are then.
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_num_tickets(context, 0);
        SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
        SSL_CTX_set_default_passwd_cb(context, no_passphrase);
        require_clients_certificate(context);

        require(SSL_CTX_use_certificate_chain_file(context, from.certificate.c_str()), errors,
                "tls_certificate", from.certificate, "a PEM file with certificates is needed");
        require(SSL_CTX_use_PrivateKey_file(context, from.key.c_str(), SSL_FILETYPE_PEM), errors,
                "tls_key", from.key,
                "a PEM file with the certificate's private key, without a passphrase, is needed");
        require(SSL_CTX_load_verify_file(context, from.client_ca.c_str()), errors, "tls_client_ca",
                from.client_ca, "a PEM file with certificates is needed");
        check_revocations(SSL_CTX_get_cert_store(context));
    }

    ~openssl_credentials() override {
        try {
            const auto guard = use_openssl();
            context_.reset();
        } catch (const std::runtime_error&) {
            // The process exits, and OpenSSL has gone first.
            (void)context_.release();
        }
    }

    std::unique_ptr<connection> accept() override {
        const auto guard = use_openssl();
        return std::make_unique<openssl_connection>(context_.get(), allowed_names_);
    }

private:
    const std::shared_ptr<const std::vector<std::string>> allowed_names_;
    ssl_context context_;
};

}  // namespace

}  // namespace backdoor::tls

extern "C" {
/// tls::load_credentials_function.
__attribute__((visibility("default"))) backdoor::tls::credentials* backdoor_load_credentials(
    const backdoor::tls::files& from, const std::vector<std::string>& allowed_names) {
    return new backdoor::tls::openssl_credentials{from, allowed_names};
}
}
