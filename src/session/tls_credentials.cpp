#include "session/tls_credentials.hpp"

#include <backdoor/error.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace backdoor {

namespace {

// Files are not looked at more often than that.
constexpr std::chrono::seconds interval{1};

}  // namespace

bool tls_credentials::stamp::operator==(const stamp& other) const {
    return device == other.device && inode == other.inode && size == other.size &&
           changed.tv_sec == other.changed.tv_sec && changed.tv_nsec == other.changed.tv_nsec;
}

tls_credentials::tls_credentials(const options& choices,
                                 std::function<void(std::string_view)> log)
    : files_{choices.tls_certificate, choices.tls_key, choices.tls_client_ca},
      allowed_names_{choices.tls_allowed_names},
      log_{std::move(log)},
      seen_{look()},
      looked_{std::chrono::steady_clock::now()} {
    try {
        load();
    } catch (const std::exception& failure) {
        throw error{"backdoor: " + std::string{failure.what()}};
    }
}

void tls_credentials::load() {
    current_.reset(load_tls_credentials()(files_, allowed_names_));
}

tls_credentials::stamps tls_credentials::look() const {
    const auto stamp_of = [](const std::string& path) {
        struct stat found{};
        if (stat(path.c_str(), &found) != 0) {
            return stamp{};
        }
        return stamp{found.st_dev, found.st_ino, found.st_size, found.st_ctim};
    };
    return {stamp_of(files_.certificate), stamp_of(files_.key), stamp_of(files_.client_ca)};
}

void tls_credentials::reload_where_changed() {
    const auto now = std::chrono::steady_clock::now();
    if (now - looked_ < interval) {
        return;
    }
    looked_ = now;
    // Before they are read: what changes meanwhile is seen the next time.
    const auto found = look();
    if (std::exchange(seen_, found) == found) {
        return;
    }
    try {
        load();
        log_("backdoor has read its TLS certificates again");
    } catch (const std::exception& failure) {
        log_("backdoor goes on with the TLS certificates it has: " + std::string{failure.what()});
    }
}

std::unique_ptr<tls::connection> tls_credentials::accept() {
    reload_where_changed();
    return current_->accept();
}

}  // namespace backdoor
