#include "places.hpp"

#include "failure.hpp"
#include "processes.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <tuple>

namespace backdoor::client {

namespace fs = std::filesystem;

namespace {

constexpr const char* folder = "backdoor";

bool is_meant(const found_console& one, const target& wanted) {
    const auto file = one.path.substr(one.path.rfind('/') + 1);
    if (wanted.what == target::kind::process) {
        return std::to_string(one.process) == wanted.name;
    }
    return file == wanted.name || file == wanted.name + ".sock" || one.program == wanted.name;
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
    const auto listening = listening_sockets();
    for (const auto& place : where) {
        std::error_code none;
        for (const auto& file : fs::directory_iterator{place, none}) {
            const auto socket = listening.find(file.path().string());
            if (socket == listening.end()) {
                continue;
            }
            found_console one;
            one.path = file.path().string();
            one.process = process_with_socket(socket->second);
            if (one.process != 0) {
                const auto about = describe(one.process);
                one.program = about.program;
                one.user = about.user;
                one.uptime = about.uptime;
            }
            all.push_back(std::move(one));
        }
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return std::tie(a.program, a.process, a.path) < std::tie(b.program, b.process, b.path);
    });
    return all;
}

std::string find_path(const target& wanted, const std::vector<std::string>& where) {
    std::vector<std::string> paths;
    for (const auto& one : find_consoles(where)) {
        if (is_meant(one, wanted)) {
            paths.push_back(one.path);
        }
    }
    const bool is_process = wanted.what == target::kind::process;
    const auto name = (is_process ? "process " : "'") + wanted.name + (is_process ? "" : "'");
    if (paths.empty()) {
        throw failure{status::usage, "no console of " + name + " is in " + join(where, " or ") +
                                         "; give its address, as /path.sock or host:port"};
    }
    if (paths.size() > 1) {
        throw failure{status::usage,
                      name + " has several consoles, say which: " + join(paths, ", ")};
    }
    return paths.front();
}

}  // namespace backdoor::client
