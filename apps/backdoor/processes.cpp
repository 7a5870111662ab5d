#include "processes.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace backdoor::client {

namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

fs::path folder_of(pid_t process) { return fs::path{"/proc"} / std::to_string(process); }

bool is_number(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// As the process knows itself: behind the last slash of its first word.
std::string program_of(pid_t process) {
    auto word = content(folder_of(process) / "cmdline");
    word.resize(std::min(word.find('\0'), word.size()));
    return word.substr(word.rfind('/') + 1);
}

std::string user_of(pid_t process) {
    struct stat found {};
    if (stat(folder_of(process).c_str(), &found) != 0) {
        return {};
    }
    const passwd* const entry = getpwuid(found.st_uid);
    return entry != nullptr ? entry->pw_name : std::to_string(found.st_uid);
}

std::chrono::seconds uptime_of(pid_t process) {
    const auto line = content(folder_of(process) / "stat");
    // The second field is a name in brackets, which may contain anything; the start is the 22nd.
    std::istringstream rest{line.substr(std::min(line.rfind(')') + 1, line.size()))};
    std::string skipped;
    for (int field = 3; field < 22; ++field) {
        rest >> skipped;
    }
    long long start = 0;
    rest >> start;
    double running = 0;
    std::istringstream{content("/proc/uptime")} >> running;
    return std::chrono::seconds{static_cast<long long>(running) - start / sysconf(_SC_CLK_TCK)};
}

}  // namespace

std::map<std::string, std::string> listening_sockets() {
    std::map<std::string, std::string> all;
    std::ifstream table{"/proc/net/unix"};
    std::string line;
    std::getline(table, line);
    while (std::getline(table, line)) {
        // Num RefCount Protocol Flags Type St Inode Path
        std::istringstream fields{line};
        std::string number, count, protocol, flags, type, state, inode, path;
        fields >> number >> count >> protocol >> flags >> type >> state >> inode >> std::ws;
        std::getline(fields, path);
        constexpr unsigned long accepts = 0x10000;
        if (!path.empty() && (std::strtoul(flags.c_str(), nullptr, 16) & accepts) != 0) {
            all.emplace(path, inode);
        }
    }
    return all;
}

pid_t process_with_socket(const std::string& inode) {
    const auto wanted = "socket:[" + inode + "]";
    std::error_code none;
    for (const auto& process : fs::directory_iterator{"/proc", none}) {
        const auto name = process.path().filename().string();
        if (!is_number(name)) {
            continue;
        }
        std::error_code hidden;
        for (fs::directory_iterator open{process.path() / "fd", hidden}, end; !hidden && open != end;
             open.increment(hidden)) {
            std::error_code gone;
            if (fs::read_symlink(open->path(), gone).string() == wanted) {
                return static_cast<pid_t>(std::strtol(name.c_str(), nullptr, 10));
            }
        }
    }
    return 0;
}

process_description describe(pid_t process) {
    return {program_of(process), user_of(process), uptime_of(process)};
}

}  // namespace backdoor::client
