#include "session/user_history.hpp"

#include <backdoor/error.hpp>

#include <unistd.h>

#include <algorithm>

namespace backdoor {

namespace {

/// "certificate alice" as "certificate_alice".
std::string for_file_name(std::string user) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_@";
    for (char& c : user) {
        c = plain.find(c) == std::string_view::npos ? '_' : c;
    }
    return user.substr(0, 100);
}

}  // namespace

user_history::user_history(const std::string& file, const log_function& log) {
    if (file.empty()) {
        return;
    }
    try {
        file_.emplace(file);
        for (auto& block : file_->read()) {
            blocks_.add(std::move(block));
        }
        saved_ = blocks_.end();
    } catch (const error& failure) {
        file_.reset();
        log("backdoor " + std::string{failure.what()} + "; history is kept in memory");
    }
}

void user_history::save(const log_function& log) {
    if (!file_) {
        return;
    }
    try {
        for (saved_ = std::max(saved_, blocks_.first()); saved_ < blocks_.end(); ++saved_) {
            const auto& block = blocks_.at(saved_);
            if (!may_hold_secret(block) && !file_->append(block)) {
                return;  // with the next one
            }
        }
    } catch (const error& failure) {
        file_.reset();
        log("backdoor " + std::string{failure.what()} + "; history is kept in memory");
    }
}

user_history& user_histories::of(const std::string& user, const std::string& file,
                                 const user_history::log_function& log) {
    const auto key = std::pair{file, user};
    const auto found = all_.find(key);
    if (found != all_.end()) {
        return found->second;
    }
    auto name = user.empty() ? std::string{} : file;
    if (!name.empty() && user != std::to_string(geteuid())) {
        name += "." + for_file_name(user);
    }
    return all_.try_emplace(key, name, log).first->second;
}

}  // namespace backdoor
