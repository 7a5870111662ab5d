#include "tls/openssl.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace backdoor::tls {

namespace {

constexpr std::size_t longest_name = 256;

// Neither is ever destroyed: the IO thread may come by at any time.
std::mutex& openssl_mutex() {
    static auto& mutex = *new std::mutex;
    return mutex;
}
bool process_exits = false;

void note_exit() {
    const std::lock_guard guard{openssl_mutex()};
    process_exits = true;
}

std::string to_utf8(const ASN1_STRING* text) {
    unsigned char* bytes = nullptr;
    const int size = ASN1_STRING_to_UTF8(&bytes, text);
    if (size < 0) {
        return {};
    }
    std::string utf8{reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
    OPENSSL_free(bytes);
    return utf8;
}

std::string alternative_name(const X509* certificate) {
    const std::unique_ptr<GENERAL_NAMES, releaser<GENERAL_NAMES_free>> names{
        static_cast<GENERAL_NAMES*>(
            X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto* name = sk_GENERAL_NAME_value(names.get(), i);
        switch (name->type) {
            case GEN_EMAIL:
            case GEN_DNS:
            case GEN_URI:
                return to_utf8(name->d.ia5);
            default:
                break;
        }
    }
    return {};
}

}  // namespace

// ---- errors -----------------------------------------------------------------------------------

error_scope::error_scope() { ERR_set_mark(); }

error_scope::~error_scope() { ERR_pop_to_mark(); }

int error_scope::code() const { return ERR_GET_REASON(ERR_peek_last_error()); }

std::string error_scope::reason() const {
    // The last one says what it led to, the first may say of the system why.
    const auto first = ERR_peek_error();
    if (ERR_SYSTEM_ERROR(first)) {
        return std::generic_category().message(ERR_GET_REASON(first));
    }
    const char* const text = ERR_reason_error_string(ERR_peek_last_error());
    return text != nullptr ? text : "unknown reason";
}

// ---- the end ----------------------------------------------------------------------------------

std::unique_lock<std::mutex> use_openssl() {
    static const bool prepared = [] {
        // OpenSSL's handler first: ours then runs before it.
        OPENSSL_init_ssl(0, nullptr);
        return std::atexit(note_exit) == 0;
    }();
    (void)prepared;
    std::unique_lock guard{openssl_mutex()};
    if (process_exits) {
        throw std::runtime_error{"the process exits"};
    }
    return guard;
}

// ---- names ------------------------------------------------------------------------------------

std::string name_of(const X509* certificate) {
    const auto* subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    std::string name;
    if (at < 0) {
        name = alternative_name(certificate);
    } else if (X509_NAME_get_index_by_NID(subject, NID_commonName, at) < 0) {
        name = to_utf8(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    }
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
    if (name.size() > longest_name || std::any_of(name.begin(), name.end(), is_control)) {
        return {};
    }
    return name;
}

}  // namespace backdoor::tls
