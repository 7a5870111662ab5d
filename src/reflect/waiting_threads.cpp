#include "reflect/waiting_threads.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace backdoor::reflect {

namespace {

constexpr int max_threads = 10'000;

}  // namespace

std::optional<waiting_at> where_waits(int thread) {
    std::ifstream file{"/proc/self/task/" + std::to_string(thread) + "/syscall"};
    waiting_at here;
    if (!std::getline(file, here.text)) {
        return std::nullopt;  // it has ended
    }
    std::vector<std::string> words;
    std::istringstream fields{here.text};
    for (std::string word; fields >> word;) {
        words.push_back(word);
    }
    if (words.size() < 3) {
        return std::nullopt;  // "running"
    }
    here.stack = std::strtoull(words[words.size() - 2].c_str(), nullptr, 16);
    here.code = std::strtoull(words.back().c_str(), nullptr, 16);
    return here;
}

std::vector<int> other_threads() {
    std::vector<int> all;
    const auto own = static_cast<int>(::syscall(SYS_gettid));
    for (const auto& one : std::filesystem::directory_iterator{"/proc/self/task"}) {
        const auto number = std::atoi(one.path().filename().c_str());
        if (number != own && all.size() < max_threads) {
            all.push_back(number);
        }
    }
    return all;
}

}  // namespace backdoor::reflect
