// The record of a host's tick, in a mapped file that the measuring process reads meanwhile.
//
// Layout, little endian: the header below, then a ring of records. Each deadline gets a record,
// also those that were missed: after a freeze of two seconds there are 2,000, each with its own
// lateness, so that a freeze cannot hide behind the few ticks it left.
#pragma once

#include <backdoor/listener.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace bench {

// Thread safety: none, except that other processes may read the file.
class tick_file {
public:
    using clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC, as the readers'

    static constexpr std::chrono::nanoseconds period = std::chrono::milliseconds{1};

    // Makes or overwrites the file. Throws std::system_error.
    explicit tick_file(std::filesystem::path path)
        : path_{std::move(path)}, mapping_{map(path_)}, due_{clock::now() + period} {
        // Each page is touched now, so that memory use stays as it is later.
        std::memset(mapping_.get(), 1, size);
        std::memset(mapping_.get(), 0, size);
        auto& head = header_of();
        head.period = period.count();
        head.capacity = capacity;
        head.process = getpid();
        std::copy(magic.begin(), magic.end(), head.magic.begin());
    }

    const std::filesystem::path& path() const { return path_; }

    // The deadline of the next tick.
    clock::time_point due() const { return due_; }

    // Records each deadline that has passed, and moves on to the first that has not.
    void fire() {
        const auto now = clock::now();
        for (; due_ <= now; due_ += period, ++count_) {
            records()[count_ % capacity] = {nanoseconds(due_.time_since_epoch()),
                                            nanoseconds(now - due_)};
        }
        // Published after the records: who sees the count sees what it counts.
        std::atomic_ref{header_of().count}.store(count_, std::memory_order_release);
    }

    // How late the latest ticks were, in one line.
    std::string summary() const {
        auto latest = latest_lateness();
        if (latest.empty()) {
            return "<ticks: none>";
        }
        std::sort(latest.begin(), latest.end());
        const auto microseconds = [&](double share) {
            const auto rank = static_cast<std::size_t>(share * static_cast<double>(latest.size()));
            return static_cast<double>(latest[std::min(rank, latest.size() - 1)]) / 1e3;
        };
        std::array<char, 160> text{};
        std::snprintf(text.data(), text.size(),
                      "<ticks n=%lld last%zu p50=%.0fus p99=%.0fus max=%.0fus>",
                      static_cast<long long>(count_), latest.size(), microseconds(0.5),
                      microseconds(0.99), microseconds(1));
        return text.data();
    }

private:
    static constexpr std::array<char, 8> magic{'H', 'B', 'T', 'I', 'C', 'K', '1', '\0'};
    static constexpr std::int64_t capacity = 1 << 18;

    struct header {
        std::array<char, 8> magic;
        std::int64_t count;  // of records written so far
        std::int64_t period;
        std::int64_t capacity;
        std::int64_t process;
        std::array<char, 24> reserved;
    };
    struct record {
        std::int64_t deadline;
        std::int64_t lateness;
    };
    static_assert(sizeof(header) == 64 && sizeof(record) == 16);

    static constexpr std::size_t size = sizeof(header) + sizeof(record) * capacity;

    struct unmap {
        void operator()(std::byte* start) const { munmap(start, size); }
    };
    using mapping = std::unique_ptr<std::byte, unmap>;

    static std::int64_t nanoseconds(std::chrono::nanoseconds duration) { return duration.count(); }

    static mapping map(const std::filesystem::path& path) {
        const auto check = [&path](bool fine) {
            if (!fine) {
                throw std::system_error{errno, std::generic_category(), path.string()};
            }
        };
        const backdoor::unique_fd file{
            open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR)};
        check(static_cast<bool>(file));
        check(ftruncate(file.get(), size) == 0);
        void* start = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
        check(start != MAP_FAILED);
        return mapping{static_cast<std::byte*>(start)};
    }

    header& header_of() const { return *reinterpret_cast<header*>(mapping_.get()); }
    record* records() const { return reinterpret_cast<record*>(mapping_.get() + sizeof(header)); }

    std::vector<std::int64_t> latest_lateness() const {
        constexpr std::int64_t most = 5000;
        std::vector<std::int64_t> latest;
        for (auto index = std::max<std::int64_t>(0, count_ - most); index < count_; ++index) {
            latest.push_back(records()[index % capacity].lateness);
        }
        return latest;
    }

    std::filesystem::path path_;
    mapping mapping_;
    clock::time_point due_;
    std::int64_t count_ = 0;
};

}  // namespace bench
