// OpenSSL's objects, with owners.
#pragma once

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <mutex>
#include <string>

namespace backdoor::tls {

template <auto release>
struct releaser {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};

using ssl_context = std::unique_ptr<SSL_CTX, releaser<SSL_CTX_free>>;
using ssl_connection = std::unique_ptr<SSL, releaser<SSL_free>>;

/// Keeps the calling thread's queue of OpenSSL's errors as it was, which may be of interest to the host.
class error_scope {
public:
    error_scope();
    error_scope(const error_scope&) = delete;
    error_scope& operator=(const error_scope&) = delete;
    ~error_scope();

    /// What went wrong.
    std::string reason() const;
    /// Its number, as ERR_GET_REASON() has it; 0: nothing did.
    int code() const;
};

/// OpenSSL frees what all of it needs in an exit handler, while our IO thread may still use it: from
/// then on there is no TLS. Hold this while OpenSSL is called. Throws std::runtime_error where the
/// process exits.
std::unique_lock<std::mutex> use_openssl();

/// The name that a certificate is known by: its common name, or its first alternative name where it
/// has none. Empty where there is none of them, two common names, or control characters.
std::string name_of(const X509* certificate);

}  // namespace backdoor::tls
