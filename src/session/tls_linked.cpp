// TLS of the static library: linked in, with OpenSSL.
#include "session/tls_credentials.hpp"

extern "C" backdoor::tls::load_credentials_function backdoor_load_credentials;

namespace backdoor {

tls::load_credentials_function& load_tls_credentials() { return backdoor_load_credentials; }

}  // namespace backdoor
