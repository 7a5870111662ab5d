// Memory of sessions, given back when they are gone.
#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>
#include <mutex>

namespace backdoor {

/// Thousands of clients may come, and leave: what they took goes back to the system with the last
/// of them, which the host's heap, strewn with other things meanwhile, could not do. Not the standard
/// library's pool: gcc's breaks where the system has no memory for it.
/// Thread safety: all members.
class session_memory final : public std::pmr::memory_resource {
public:
    static session_memory& get();

private:
    /// Pages of their own.
    class pages final : public std::pmr::memory_resource {
        void* do_allocate(std::size_t size, std::size_t alignment) override;
        void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override;
        bool do_is_equal(const memory_resource& other) const noexcept override;
    };

    void* do_allocate(std::size_t size, std::size_t alignment) override;
    void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override;
    bool do_is_equal(const memory_resource& other) const noexcept override;

    // Blocks up to this size are kept for others of theirs when they are given back; larger ones, the
    // tables of thousands of sessions, have pages of their own.
    static constexpr std::size_t granularity = 16;
    static constexpr std::size_t largest_kept = 4096;
    static constexpr std::size_t kind_of(std::size_t size);
    struct free_block {
        free_block* next;
    };

    std::mutex mutex_;
    pages pages_;
    std::pmr::monotonic_buffer_resource fresh_{&pages_};
    std::array<free_block*, largest_kept / granularity + 1> free_{};
    std::size_t in_use_ = 0;
};

}  // namespace backdoor
