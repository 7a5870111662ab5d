#include "session/forked.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>

namespace backdoor {

namespace {

std::atomic<bool> forked{false};

// One bit for each descriptor: a child of many threads may take no lock, and has no memory to ask for.
// A process with more descriptors keeps the rest of them in its children.
class descriptor_set {
public:
    void insert(int fd) noexcept {
        if (has_bit(fd)) {
            word_of(fd) |= bit_of(fd);
        }
    }
    void erase(int fd) noexcept {
        if (has_bit(fd)) {
            word_of(fd) &= ~bit_of(fd);
        }
    }
    template <class Function>
    void take_all(Function each) noexcept {
        for (std::size_t word = 0; word < words_.size(); ++word) {
            const auto set = words_[word].exchange(0, std::memory_order_relaxed);
            for (std::size_t bit = 0; set != 0 && bit < bits; ++bit) {
                if ((set >> bit & 1) != 0) {
                    each(static_cast<int>(word * bits + bit));
                }
            }
        }
    }

private:
    static constexpr std::size_t bits = 64;

    bool has_bit(int fd) const noexcept {
        return fd >= 0 && static_cast<std::size_t>(fd) < words_.size() * bits;
    }
    std::atomic<std::uint64_t>& word_of(int fd) noexcept {
        return words_[static_cast<std::size_t>(fd) / bits];
    }
    static std::uint64_t bit_of(int fd) noexcept {
        return std::uint64_t{1} << static_cast<std::size_t>(fd) % bits;
    }

    std::array<std::atomic<std::uint64_t>, 65'536 / bits> words_{};
};

constinit std::mutex held_by_no_fork;

constinit descriptor_set closed_in_children;
constinit descriptor_set silent_in_children;

void begin_fork() { held_by_no_fork.lock(); }

void end_fork_in_parent() { held_by_no_fork.unlock(); }

void end_fork_in_child() {
    held_by_no_fork.unlock();
    forked = true;
    closed_in_children.take_all([](int fd) { close(fd); });
    int silence = -1;
    silent_in_children.take_all([&](int fd) {
        if (silence < 0) {
            silence = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        }
        if (silence < 0 || dup3(silence, fd, O_CLOEXEC) < 0) {
            close(fd);
        }
    });
    if (silence >= 0) {
        close(silence);
    }
}

}  // namespace

void this_process_has_consoles() {
    static const int registered = pthread_atfork(begin_fork, end_fork_in_parent, end_fork_in_child);
    (void)registered;
    forked = false;
}

bool in_forked_child() { return forked; }

no_fork::no_fork() noexcept { held_by_no_fork.lock(); }

no_fork::~no_fork() { held_by_no_fork.unlock(); }

void keep_from_children(int fd) noexcept { closed_in_children.insert(fd); }

void is_closed_here(int fd) noexcept { closed_in_children.erase(fd); }

parents_fd::parents_fd(unique_fd fd) noexcept : fd_{std::move(fd)} {
    silent_in_children.insert(fd_.get());
}

parents_fd& parents_fd::operator=(parents_fd&& other) noexcept {
    reset();
    fd_ = std::move(other.fd_);
    return *this;
}

void parents_fd::reset() noexcept {
    if (in_forked_child()) {
        (void)fd_.release();
        return;
    }
    silent_in_children.erase(fd_.get());
    fd_.reset();
}

}  // namespace backdoor
