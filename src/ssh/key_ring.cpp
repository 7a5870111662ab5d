#include "ssh/key_ring.hpp"

#include "ssh/address_pattern.hpp"
#include "ssh/trusted_file.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace backdoor::ssh {

namespace {

// What RSA keys of 2048 bits have, in base64. libssh does not answer to the signatures of shorter ones.
constexpr std::size_t shortest_rsa = 360;

key_handle import(const authorized_key& entry) {
    ssh_key key = nullptr;
    const auto type = ssh_key_type_from_name(entry.type.c_str());
    return ssh_pki_import_pubkey_base64(entry.blob.c_str(), type, &key) == SSH_OK ? key_handle{key}
                                                                                  : nullptr;
}

/// Empty; or why the key may not enter by this line.
std::string restriction(const authorized_key& entry, std::string_view address) {
    if (entry.from && !matches(*entry.from, address)) {
        return "it may not come from " + std::string{address} + " (from=)";
    }
    if (entry.expires && *entry.expires <= std::chrono::system_clock::now()) {
        return "its time is over (expiry-time=)";
    }
    return {};
}

}  // namespace

key_ring::key_ring(std::string path, std::function<void(std::string_view)> log)
    : path_{std::move(path)}, log_{std::move(log)} {
    read();
}

void key_ring::read() {
    auto text = read_trusted_file(path_);
    if (text == text_) {
        return;
    }
    text_ = std::move(text);
    keys_.clear();
    auto found = parse_authorized_keys(text_);
    for (auto& entry : found.keys) {
        if (entry.type == "ssh-rsa" && entry.blob.size() < shortest_rsa) {
            found.rejected.push_back({entry.line, "RSA keys need 2048 bits; use ssh-ed25519"});
        } else if (auto key = import(entry)) {
            keys_.push_back({std::move(entry), std::move(key)});
        } else {
            found.rejected.push_back({entry.line, "that is no key"});
        }
    }
    for (const auto& line : found.rejected) {
        log_("backdoor: " + path_ + ": line " + std::to_string(line.line) + " lets nobody in: " +
             line.reason);
    }
}

key_ring::verdict key_ring::judge(ssh_key key, std::string_view address) {
    try {
        read();
    } catch (const std::exception& problem) {
        keys_.clear();
        text_.clear();
        if (complaint_ != problem.what()) {
            complaint_ = problem.what();
            log_(complaint_ + "; nobody may enter until that is mended");
        }
        return {nullptr, problem.what()};
    }
    complaint_.clear();
    verdict found;
    for (const auto& known : keys_) {
        if (ssh_key_cmp(known.key.get(), key, SSH_KEY_CMP_PUBLIC) != 0) {
            continue;
        }
        found.refusal = restriction(known.entry, address);
        if (found.refusal.empty()) {
            found.entry = &known.entry;
            break;
        }
    }
    return found;
}

}  // namespace backdoor::ssh
