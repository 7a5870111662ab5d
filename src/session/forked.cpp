#include "session/forked.hpp"

#include <pthread.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace backdoor {

namespace {

std::atomic<bool> forked{false};

// One bit for each descriptor: a child of many threads may take no lock, and has no memory to ask for.
// A process with more descriptors keeps the rest of them in its children.
constexpr std::size_t bits = 64;
std::array<std::atomic<std::uint64_t>, 65'536 / bits> parents_only{};

void note_fork() {
    forked = true;
    for (std::size_t word = 0; word < parents_only.size(); ++word) {
        const auto set = parents_only[word].exchange(0, std::memory_order_relaxed);
        for (std::size_t bit = 0; set != 0 && bit < bits; ++bit) {
            if ((set >> bit & 1) != 0) {
                close(static_cast<int>(word * bits + bit));
            }
        }
    }
}

bool has_bit(int fd) {
    return fd >= 0 && static_cast<std::size_t>(fd) < parents_only.size() * bits;
}

std::atomic<std::uint64_t>& word_of(int fd) {
    return parents_only[static_cast<std::size_t>(fd) / bits];
}

std::uint64_t bit_of(int fd) { return std::uint64_t{1} << static_cast<std::size_t>(fd) % bits; }

}  // namespace

void this_process_has_consoles() {
    static const int registered = pthread_atfork(nullptr, nullptr, note_fork);
    (void)registered;
    forked = false;
}

bool in_forked_child() { return forked; }

void keep_from_children(int fd) noexcept {
    if (has_bit(fd)) {
        word_of(fd) |= bit_of(fd);
    }
}

void is_closed_here(int fd) noexcept {
    if (has_bit(fd)) {
        word_of(fd) &= ~bit_of(fd);
    }
}

}  // namespace backdoor
