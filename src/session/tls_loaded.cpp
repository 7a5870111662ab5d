// TLS of the shared library and of the Python package: a module with OpenSSL, loaded when a server
// is to use it.
#include "session/module.hpp"
#include "session/tls_credentials.hpp"

namespace backdoor {

tls::load_credentials_function& load_tls_credentials() {
    static auto* const load = reinterpret_cast<tls::load_credentials_function*>(
        load_function(module_path("backdoor-tls.so"), "backdoor_load_credentials", "TLS"));
    return *load;
}

}  // namespace backdoor
