#include "faults/ssh_client.hpp"

#include <libssh/libssh.h>

#include <cstdlib>
#include <stdexcept>

#include "support/deadline.hpp"

namespace backdoor::test {

ssh_key::ssh_key() {
    ::ssh_key made = nullptr;
    if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &made) != SSH_OK) {
        throw std::runtime_error{"cannot make a key"};
    }
    key_ = {made, ssh_key_free};
}

std::string ssh_key::line() const {
    char* text = nullptr;
    if (ssh_pki_export_pubkey_base64(key_.get(), &text) != SSH_OK) {
        throw std::runtime_error{"cannot export a key"};
    }
    const std::string line = "ssh-ed25519 " + std::string{text} + " alice\n";
    ssh_string_free_char(text);
    return line;
}

ssh_client::ssh_client(const std::string& address, const ssh_key& own)
    : session_{ssh_new(), ssh_free} {
    const auto colon = address.rfind(':');
    const auto port = static_cast<unsigned>(std::atoi(address.c_str() + colon + 1));
    const long seconds = std::chrono::duration_cast<std::chrono::seconds>(patience).count();
    const bool no_files = false;
    const int at_once = 1;
    ssh_options_set(session_.get(), SSH_OPTIONS_PROCESS_CONFIG, &no_files);
    ssh_options_set(session_.get(), SSH_OPTIONS_NODELAY, &at_once);
    ssh_options_set(session_.get(), SSH_OPTIONS_HOST, address.substr(0, colon).c_str());
    ssh_options_set(session_.get(), SSH_OPTIONS_PORT, &port);
    ssh_options_set(session_.get(), SSH_OPTIONS_USER, "alice");
    ssh_options_set(session_.get(), SSH_OPTIONS_TIMEOUT, &seconds);
    check(ssh_connect(session_.get()) == SSH_OK);
    check(ssh_userauth_publickey(session_.get(), nullptr, own.get()) == SSH_AUTH_SUCCESS);
}

ssh_client::~ssh_client() {
    channel_.reset();
    ssh_disconnect(session_.get());
}

void ssh_client::check(bool well) {
    if (!well) {
        const std::string reason = ssh_get_error(session_.get());
        const bool late = reason.starts_with("Timeout");
        throw std::runtime_error{late ? "no SSH in time" : "no SSH: " + reason};
    }
}

void ssh_client::open(const std::string& code) {
    channel_ = {ssh_channel_new(session_.get()), ssh_channel_free};
    check(ssh_channel_open_session(channel_.get()) == SSH_OK);
    if (code.empty()) {
        check(ssh_channel_request_pty(channel_.get()) == SSH_OK);
        check(ssh_channel_request_shell(channel_.get()) == SSH_OK);
    } else {
        check(ssh_channel_request_exec(channel_.get(), code.c_str()) == SSH_OK);
    }
}

void ssh_client::send(std::string_view bytes) {
    check(ssh_channel_write(channel_.get(), bytes.data(), static_cast<std::uint32_t>(bytes.size())) ==
          static_cast<int>(bytes.size()));
}

/// False at the end.
bool ssh_client::receive() {
    char buffer[4096];
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
    const auto end = clock::now() + patience;
    const int size = ssh_channel_read_timeout(channel_.get(), buffer, sizeof buffer, 0,
                                              static_cast<int>(limit));
    // At the end of a channel that nobody has told the end of, it is 0, too, or an error; and at once.
    if (size <= 0 && clock::now() >= end) {
        throw std::runtime_error{"nothing more came in time, after: " + received_};
    }
    received_.append(buffer, static_cast<std::size_t>(size > 0 ? size : 0));
    return size > 0;
}

void ssh_client::read_until(std::string_view mark) {
    while (received_.find(mark) == std::string::npos) {
        if (!receive()) {
            throw std::runtime_error{"closed after: " + received_};
        }
    }
    received_.erase(0, received_.find(mark) + mark.size());
}

void ssh_client::read_to_end() {
    while (receive()) {
    }
}

}  // namespace backdoor::test
