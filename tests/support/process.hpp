// What this process has at the moment, as the kernel counts it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace backdoor::test {

inline std::size_t count_entries(const char* directory) {
    using std::filesystem::directory_iterator;
    return static_cast<std::size_t>(
        std::distance(directory_iterator{directory}, directory_iterator{}));
}

inline std::size_t thread_count() { return count_entries("/proc/self/task"); }

inline std::size_t descriptor_count() { return count_entries("/proc/self/fd"); }

inline std::size_t resident_bytes() {
    std::ifstream statm{"/proc/self/statm"};
    std::size_t total = 0;
    std::size_t resident = 0;
    statm >> total >> resident;
    return resident * 4096;
}

/// The file of a mapped library, or an empty text.
inline std::string mapped_file(const std::string& library) {
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        if (line.find(library) != std::string::npos) {
            return line.substr(line.find('/'));
        }
    }
    return {};
}

inline bool has_mapped(const std::string& library) { return !mapped_file(library).empty(); }

/// The sanitizers keep freed memory for a while, and run a thread of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace backdoor::test
