#include "places.hpp"

#include "failure.hpp"
#include "processes.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>

namespace backdoor::client {

namespace fs = std::filesystem;

namespace {

constexpr const char* folder = "backdoor";

bool is_meant(const found_console& one, const target& wanted) {
    if (wanted.what == target::kind::process) {
        return std::to_string(one.process) == wanted.name;
    }
    if (one.announced && one.process == 0) {
        return false;
    }
    const auto& address = one.where.name;
    const auto file = address.substr(address.rfind('/') + 1);
    return file == wanted.name || file == wanted.name + ".sock" || one.program == wanted.name;
}

bool is_in(const std::vector<std::string>& folders, const std::string& path) {
    const auto slash = path.rfind('/');
    return slash != std::string::npos &&
           std::find(folders.begin(), folders.end(), path.substr(0, slash)) != folders.end();
}

/// Anybody can announce anything, and the kernel's table of names has a name's newline as it is, so that
/// a line may be about a socket of another. Of a process that may not be looked into nothing is known.
bool is_true(const found_console& one) {
    const auto& [what, name, host, port] = one.where;
    return one.process == 0 || (what == target::kind::tcp ? listens_at(one.process, port)
                                                          : has_put_socket(one.process, name));
}

/// "0.0.0.0" is where a server listens, and here it is to be reached at the loopback.
target reachable(target where) {
    if (where.host == "0.0.0.0" || where.host == "::") {
        where.host = where.host == "::" ? "::1" : "127.0.0.1";
    }
    return where;
}

/// "@backdoor/KIND/PID/ADDRESS"
std::optional<found_console> announced_console(const unix_socket& one) {
    constexpr std::string_view mark = "@backdoor/";
    if (!one.name.starts_with(mark)) {
        return std::nullopt;
    }
    const auto kind_end = one.name.find('/', mark.size());
    const auto number_end = one.name.find('/', kind_end + 1);
    if (kind_end == std::string::npos || number_end == std::string::npos) {
        return std::nullopt;
    }
    const auto kind = one.name.substr(mark.size(), kind_end - mark.size());
    found_console found;
    found.announced = true;
    try {
        found.where = reachable(parse_target((kind == "unix" ? "unix:" : "") + one.name.substr(number_end + 1)));
    } catch (const failure&) {
        return std::nullopt;
    }
    if (found.where.what != (kind == "unix" ? target::kind::unix_socket : target::kind::tcp)) {
        return std::nullopt;
    }
    found.keys = kind == "tls" ? "TLS" : kind == "ssh" ? "SSH" : "";
    return found;
}

std::string join(const std::vector<std::string>& all, std::string_view between) {
    std::string text;
    for (const auto& one : all) {
        text += text.empty() ? one : std::string{between} + one;
    }
    return text;
}

}  // namespace

std::vector<std::string> places() {
    std::vector<std::string> all;
    const auto add = [&](const fs::path& place) {
        if (std::find(all.begin(), all.end(), place.string()) == all.end()) {
            all.push_back(place.string());
        }
    };
    if (const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
        runtime != nullptr && *runtime == '/') {
        add(fs::path{runtime} / folder);
    }
    add(fs::path{"/run"} / folder);
    std::error_code none;
    if (geteuid() == 0) {
        for (const auto& user : fs::directory_iterator{"/run/user", none}) {
            add(user.path() / folder);
        }
    }
    return all;
}

std::vector<found_console> find_consoles(const std::vector<std::string>& where) {
    std::vector<found_console> all;
    std::set<std::string> seen;
    const auto sockets = unix_sockets();
    const auto add = [&](found_console one, const std::string& inode) {
        one.process = process_with_socket(inode);
        if ((one.announced && !is_true(one)) || !seen.insert(one.where.name).second) {
            return;
        }
        if (one.process != 0) {
            const auto about = describe(one.process);
            one.program = about.program;
            one.user = about.user;
            one.uptime = about.uptime;
        }
        all.push_back(std::move(one));
    };
    for (const auto& one : sockets) {
        if (one.listens && is_in(where, one.name)) {
            found_console found;
            found.where = {target::kind::unix_socket, one.name};
            add(std::move(found), one.inode);
        }
    }
    for (const auto& one : sockets) {
        if (auto found = announced_console(one)) {
            add(std::move(*found), one.inode);
        }
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return std::tie(a.program, a.process, a.where.name) <
               std::tie(b.program, b.process, b.where.name);
    });
    return all;
}

target find_console(const target& wanted, const std::vector<std::string>& where) {
    auto all = find_consoles(where);
    std::erase_if(all, [&](const auto& one) { return !is_meant(one, wanted); });
    // Those in the places come first: what is announced does not make them ambiguous.
    if (std::any_of(all.begin(), all.end(), [](const auto& one) { return !one.announced; })) {
        std::erase_if(all, [](const auto& one) { return one.announced; });
    }
    const bool is_process = wanted.what == target::kind::process;
    const auto name = (is_process ? "process " : "'") + wanted.name + (is_process ? "" : "'");
    if (all.empty()) {
        throw failure{status::usage, "no console of " + name + " is in " + join(where, " or ") +
                                         ", or announced; give its address, as /path.sock or host:port"};
    }
    if (all.size() > 1) {
        std::vector<std::string> names;
        for (const auto& one : all) {
            names.push_back(one.where.name);
        }
        throw failure{status::usage,
                      name + " has several consoles, say which: " + join(names, ", ")};
    }
    return all.front().where;
}

}  // namespace backdoor::client
