#include "session/access.hpp"

#include <backdoor/error.hpp>

#include <grp.h>
#include <pwd.h>

#include <charconv>

namespace backdoor {

namespace {

/// "1000" is a number, whatever the directory says.
std::optional<unsigned> number(const std::string& name) {
    unsigned value = 0;
    const auto* end = name.data() + name.size();
    const auto [stop, failure] = std::from_chars(name.data(), end, value);
    return failure == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

/// getpwnam_r() and getgrnam_r() are alike.
template <class Entry, class Find>
Entry find(Find find_name, const std::string& name, const char* option) {
    Entry entry{};
    Entry* found = nullptr;
    std::vector<char> buffer(1024);
    while (find_name(name.c_str(), &entry, buffer.data(), buffer.size(), &found) == ERANGE) {
        buffer.resize(buffer.size() * 2);
    }
    if (found == nullptr) {
        throw error{"backdoor: options." + std::string{option} + ": this system has no '" + name +
                    "'; give a name that it has, or a number"};
    }
    return entry;
}

}  // namespace

guest_list guests(const options& choices) {
    guest_list list;
    for (const auto& name : choices.allowed_users) {
        const auto given = number(name);
        list.users.push_back(given ? *given
                                   : find<passwd>(getpwnam_r, name, "allowed_users").pw_uid);
    }
    for (const auto& name : choices.allowed_groups) {
        const auto given = number(name);
        list.groups.push_back(given ? *given
                                    : find<group>(getgrnam_r, name, "allowed_groups").gr_gid);
    }
    return list;
}

}  // namespace backdoor
