#include "session/session_memory.hpp"

#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <new>

#if defined(__SANITIZE_ADDRESS__)
#define BACKDOOR_PLAIN_HEAP
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BACKDOOR_PLAIN_HEAP
#endif
#endif

namespace backdoor {

constexpr std::size_t session_memory::kind_of(std::size_t size) {
    return (std::max<std::size_t>(size, 1) + granularity - 1) / granularity;
}

session_memory& session_memory::get() {
    // Never destroyed: a console that was left to itself may hold a channel for longer than main().
    // Nor is its lock taken while the process forks: in the child nobody would let go of it.
    static session_memory* const only = [] {
        pthread_atfork([] { get().mutex_.lock(); }, [] { get().mutex_.unlock(); },
                       [] { get().mutex_.unlock(); });
        return new session_memory;
    }();
    return *only;
}

#ifdef BACKDOOR_PLAIN_HEAP  // AddressSanitizer watches its own heap, and finds pointers there only

void* session_memory::do_allocate(std::size_t size, std::size_t alignment) {
    return std::pmr::new_delete_resource()->allocate(size, alignment);
}

void session_memory::do_deallocate(void* memory, std::size_t size, std::size_t alignment) {
    std::pmr::new_delete_resource()->deallocate(memory, size, alignment);
}

#else

void* session_memory::do_allocate(std::size_t size, std::size_t alignment) {
    const std::lock_guard guard{mutex_};
    if (size > largest_kept || alignment > granularity) {
        return pages_.allocate(size, alignment);
    }
    const auto kind = kind_of(size);
    void* memory = free_[kind];
    if (memory != nullptr) {
        free_[kind] = free_[kind]->next;
    } else {
        memory = fresh_.allocate(kind * granularity, granularity);
    }
    ++in_use_;
    return memory;
}

void session_memory::do_deallocate(void* memory, std::size_t size, std::size_t alignment) {
    const std::lock_guard guard{mutex_};
    if (size > largest_kept || alignment > granularity) {
        pages_.deallocate(memory, size, alignment);
        return;
    }
    if (--in_use_ == 0) {
        free_ = {};
        fresh_.release();
        return;
    }
    auto& first = free_[kind_of(size)];
    first = new (memory) free_block{first};
}

#endif

bool session_memory::do_is_equal(const memory_resource& other) const noexcept {
    return this == &other;
}

void* session_memory::pages::do_allocate(std::size_t size, std::size_t) {
    void* const memory =
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        throw std::bad_alloc{};
    }
    return memory;
}

void session_memory::pages::do_deallocate(void* memory, std::size_t size, std::size_t) {
    munmap(memory, size);
}

bool session_memory::pages::do_is_equal(const memory_resource& other) const noexcept {
    return this == &other;
}

}  // namespace backdoor
