// TLS, the server's side: bytes in, bytes out. The border between sessions and OpenSSL, which is in a
// module of its own: neither is here.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor::tls {

/// As options::tls_certificate and so on.
struct files {
    std::string certificate;
    std::string key;
    std::string client_ca;
};

/// One client's connection. What throws throws std::runtime_error, after which there is nothing but
/// take_output(). Thread safety: none.
class connection {
public:
    virtual ~connection() = default;

    /// Takes what came from the client. Throws the reason where that is no TLS, or where it shows nothing
    /// that lets it in.
    virtual void receive(std::string_view bytes) = 0;
    /// What is to be sent to the client.
    virtual std::string take_output() = 0;

    /// The client has shown who it is.
    virtual bool is_established() const = 0;
    /// Then: the name in its certificate.
    virtual const std::string& client_name() const = 0;

    /// What the client has sent.
    virtual std::string take_input() = 0;
    /// It has said that it sends no more; who just goes has not.
    virtual bool input_is_over() const = 0;

    virtual void send(std::string_view text) = 0;
    /// Says that no more is sent.
    virtual void end_output() = 0;
};

/// A server's certificate and key, and the authorities that clients' certificates are from: as the
/// files were. Thread safety: none.
class credentials {
public:
    virtual ~credentials() = default;

    virtual std::unique_ptr<connection> accept() = 0;
};

/// Of the module: `backdoor_load_credentials`. Reads the files; only those of these names may enter, or
/// all where there are none. Throws std::runtime_error, which names the file and what to do.
using load_credentials_function = credentials*(const files& from,
                                               const std::vector<std::string>& allowed_names);

}  // namespace backdoor::tls
