#include "ssh/host_key.hpp"

#include "ssh/trusted_file.hpp"

#include <backdoor/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace backdoor::ssh {

namespace {

[[noreturn]] void fail(const std::string& path, const std::string& why) {
    throw error{"backdoor: options.ssh_host_key: " + path + ": " + why};
}

key_handle import(const std::string& path) {
    const auto text = read_trusted_file(path, true);
    ssh_key key = nullptr;
    // A passphrase is asked of nobody: this function gives none.
    const auto no_passphrase = [](const char*, char*, std::size_t, int, int, void*) { return -1; };
    if (ssh_pki_import_privkey_base64(text.c_str(), nullptr, no_passphrase, nullptr, &key) !=
        SSH_OK) {
        fail(path, "it is no private key without a passphrase; let it be made, or make it with "
                   "`ssh-keygen -t ed25519 -N '' -f " +
                       path + "`");
    }
    return key_handle{key};
}

std::string new_key(const std::string& path) {
    ssh_key made = nullptr;
    if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &made) != SSH_OK) {
        fail(path, "libssh cannot make a key");
    }
    const key_handle key{made};
    char* text = nullptr;
    if (ssh_pki_export_privkey_base64(key.get(), nullptr, nullptr, nullptr, &text) != SSH_OK) {
        fail(path, "libssh cannot write a key down");
    }
    const text_handle owned{text};
    return owned.get();
}

/// Into a file beside it, which gets its name when it is whole: nobody ever sees half a key.
void make(const std::string& path) {
    const auto text = new_key(path);
    std::string beside = path + ".XXXXXX";
    const int fd = mkostemp(beside.data(), O_CLOEXEC);  // with mode 0600
    if (fd < 0) {
        fail(path, "it cannot be made there: " + std::string{std::strerror(errno)});
    }
    const auto written = write(fd, text.data(), text.size());
    int code = written < 0 ? errno : 0;
    if (written >= 0 && static_cast<std::size_t>(written) < text.size()) {
        code = ENOSPC;
    }
    if (code == 0 && fsync(fd) != 0) {
        code = errno;
    }
    close(fd);
    // Where another process was faster, its key is the one.
    if (code == 0 && link(beside.c_str(), path.c_str()) != 0 && errno != EEXIST) {
        code = errno;
    }
    unlink(beside.c_str());
    if (code != 0) {
        fail(path, "it cannot be made there: " + std::string{std::strerror(code)});
    }
}

}  // namespace

std::string fingerprint(ssh_key key) {
    unsigned char* hash = nullptr;
    std::size_t size = 0;
    if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != SSH_OK) {
        return "unknown";
    }
    const text_handle text{ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size)};
    ssh_clean_pubkey_hash(&hash);
    return text ? text.get() : "unknown";
}

key_handle load_or_make_host_key(const std::string& path) {
    if (access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
        make(path);
    }
    return import(path);
}

}  // namespace backdoor::ssh
