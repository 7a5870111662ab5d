// The module's entry, and what the clients of one server have in common.
#include "ssh/libssh_connection.hpp"
#include "ssh/gate.hpp"
#include "ssh/handles.hpp"
#include "ssh/host_key.hpp"
#include "ssh/key_ring.hpp"

#include <backdoor/error.hpp>
#include <backdoor/export.hpp>

namespace backdoor::ssh {

namespace {

// What every client of the last ten years has. Nothing with SHA-1, no CBC, and no finite field
// Diffie-Hellman, whose sums take long enough for other clients to notice.
constexpr const char* key_exchanges =
    "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384";
constexpr const char* host_key_algorithms =
    "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,"
    "rsa-sha2-256";
constexpr const char* client_key_algorithms = host_key_algorithms;
constexpr const char* ciphers =
    "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,"
    "aes128-ctr";
constexpr const char* macs = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com";
constexpr int shortest_rsa = 2048;

void set(ssh_bind bind, ssh_bind_options_e option, const void* value) {
    if (ssh_bind_options_set(bind, option, value) != SSH_OK) {
        throw error{"backdoor: libssh does not take an option: " +
                    std::string{ssh_get_error(bind)}};
    }
}

class key_gate final : public gate {
public:
    explicit key_gate(const choices& chosen)
        : ring_{chosen.authorized_keys, chosen.log}, bind_{ssh_bind_new()} {
        if (!bind_) {
            throw error{"backdoor: libssh cannot be used"};
        }
        // The machine's sshd has its own.
        const bool no_system_wide_configuration = false;
        set(bind_.get(), SSH_BIND_OPTIONS_PROCESS_CONFIG, &no_system_wide_configuration);
        set(bind_.get(), SSH_BIND_OPTIONS_KEY_EXCHANGE, key_exchanges);
        set(bind_.get(), SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, host_key_algorithms);
        set(bind_.get(), SSH_BIND_OPTIONS_PUBKEY_ACCEPTED_KEY_TYPES, client_key_algorithms);
        set(bind_.get(), SSH_BIND_OPTIONS_CIPHERS_C_S, ciphers);
        set(bind_.get(), SSH_BIND_OPTIONS_CIPHERS_S_C, ciphers);
        set(bind_.get(), SSH_BIND_OPTIONS_HMAC_C_S, macs);
        set(bind_.get(), SSH_BIND_OPTIONS_HMAC_S_C, macs);
        set(bind_.get(), SSH_BIND_OPTIONS_RSA_MIN_SIZE, &shortest_rsa);
        auto key = load_or_make_host_key(chosen.host_key);
        fingerprint_ = ssh::fingerprint(key.get());
        set(bind_.get(), SSH_BIND_OPTIONS_IMPORT_KEY, key.get());
        (void)key.release();  // it is the bind's now
    }

    std::string fingerprint() const override { return fingerprint_; }

    std::unique_ptr<connection> accept(unique_fd& socket, std::string address) override {
        return std::make_unique<libssh_connection>(bind_.get(), socket, ring_, std::move(address));
    }

private:
    key_ring ring_;
    const bind_handle bind_;
    std::string fingerprint_;
};

}  // namespace

}  // namespace backdoor::ssh

extern "C" BACKDOOR_API backdoor::ssh::gate* backdoor_make_ssh_gate(
    const backdoor::ssh::choices& chosen) {
    return new backdoor::ssh::key_gate{chosen};
}
