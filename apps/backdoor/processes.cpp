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
#include <string_view>

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

/// `process` is its folder.
bool has_socket(const fs::path& process, const std::string& inode) {
    const auto wanted = "socket:[" + inode + "]";
    std::error_code hidden;
    for (fs::directory_iterator open{process / "fd", hidden}, end; !hidden && open != end;
         open.increment(hidden)) {
        std::error_code gone;
        if (fs::read_symlink(open->path(), gone).string() == wanted) {
            return true;
        }
    }
    return false;
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

std::vector<unix_socket> unix_sockets() {
    std::vector<unix_socket> all;
    std::ifstream table{"/proc/net/unix"};
    std::string line;
    std::getline(table, line);
    while (std::getline(table, line)) {
        // Num RefCount Protocol Flags Type St Inode Path
        std::istringstream fields{line};
        std::string number, count, protocol, flags, type, state;
        unix_socket one;
        fields >> number >> count >> protocol >> flags >> type >> state >> one.inode >> std::ws;
        std::getline(fields, one.name);
        constexpr unsigned long accepts = 0x10000;
        one.listens = (std::strtoul(flags.c_str(), nullptr, 16) & accepts) != 0;
        if (!one.name.empty()) {
            all.push_back(std::move(one));
        }
    }
    return all;
}

pid_t process_with_socket(const std::string& inode) {
    std::error_code none;
    for (const auto& process : fs::directory_iterator{"/proc", none}) {
        const auto name = process.path().filename().string();
        if (is_number(name) && has_socket(process.path(), inode)) {
            return static_cast<pid_t>(std::strtol(name.c_str(), nullptr, 10));
        }
    }
    return 0;
}

bool listens_at(pid_t process, const std::string& port) {
    constexpr std::string_view listening = "0A";
    for (const auto* const name : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream table{name};
        std::string line;
        while (std::getline(table, line)) {
            // sl local:port remote state queues timer retransmits uid timeout inode
            std::istringstream fields{line};
            std::string local, state, inode, skipped;
            fields >> skipped >> local >> skipped >> state >> skipped >> skipped >> skipped >> skipped >>
                skipped >> inode;
            const auto number = std::strtoul(local.c_str() + std::min(local.find(':') + 1, local.size()),
                                             nullptr, 16);
            if (state == listening && std::to_string(number) == port &&
                has_socket(folder_of(process), inode)) {
                return true;
            }
        }
    }
    return false;
}

bool has_put_socket(pid_t process, const std::string& path) {
    struct stat socket {};
    struct stat its {};
    return lstat(path.c_str(), &socket) == 0 && S_ISSOCK(socket.st_mode) &&
           stat(folder_of(process).c_str(), &its) == 0 && socket.st_uid == its.st_uid;
}

process_description describe(pid_t process) {
    return {program_of(process), user_of(process), uptime_of(process)};
}

}  // namespace backdoor::client
