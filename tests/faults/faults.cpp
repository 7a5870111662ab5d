#include "faults.hpp"

#include <execinfo.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>

namespace backdoor::test {

namespace {

std::atomic<bool> armed{false};
std::atomic<long> left{0};
std::atomic<bool> fired{false};
std::atomic<const char*> last{""};
std::atomic<long> live{0};
thread_local bool exempt = false;

bool fails(const char* what) {
    if (!armed || exempt || left.fetch_sub(1) != 1) {
        return false;
    }
    last = what;
    fired = true;
    if (std::getenv("BACKDOOR_FAULT") != nullptr) {  // for who looks for the reason
        void* calls[40];
        backtrace_symbols_fd(calls, backtrace(calls, 40), STDERR_FILENO);
    }
    return true;
}

void* allocate(std::size_t size, std::size_t alignment) {
    if (fails("operator new")) {
        throw std::bad_alloc{};
    }
    void* const memory = alignment <= alignof(std::max_align_t)
                             ? std::malloc(size)
                             : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (memory == nullptr) {
        throw std::bad_alloc{};
    }
    ++live;
    return memory;
}

void release(void* memory) noexcept {
    if (memory != nullptr) {
        --live;
        std::free(memory);
    }
}

}  // namespace

void arm_fault(long n) {
    left = n;
    fired = false;
    armed = true;
}

bool disarm_fault() {
    armed = false;
    return fired;
}

const char* name_of_fault() { return last; }

no_faults_here::no_faults_here() : before_{exempt} { exempt = true; }
no_faults_here::~no_faults_here() { exempt = before_; }

long live_allocations() { return live; }

}  // namespace backdoor::test

using backdoor::test::fails;

// ---- memory -----------------------------------------------------------------------------------

void* operator new(std::size_t size) { return backdoor::test::allocate(size, 1); }
void* operator new[](std::size_t size) { return backdoor::test::allocate(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return backdoor::test::allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { backdoor::test::release(memory); }
void operator delete[](void* memory) noexcept { backdoor::test::release(memory); }
void operator delete(void* memory, std::size_t) noexcept { backdoor::test::release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { backdoor::test::release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { backdoor::test::release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    backdoor::test::release(memory);
}

// ---- calls, as ld's --wrap names them ----------------------------------------------------------

#define BACKDOOR_FAULT(name, code, parameters, arguments) \
    extern "C" int __real_##name parameters;              \
    extern "C" int __wrap_##name parameters {             \
        if (fails(#name)) {                               \
            errno = code;                                 \
            return -1;                                    \
        }                                                 \
        return __real_##name arguments;                   \
    }

BACKDOOR_FAULT(accept4, EMFILE, (int fd, sockaddr* address, socklen_t* size, int flags),
               (fd, address, size, flags))
BACKDOOR_FAULT(bind, ENOBUFS, (int fd, const sockaddr* address, socklen_t size), (fd, address, size))
BACKDOOR_FAULT(epoll_create1, EMFILE, (int flags), (flags))
BACKDOOR_FAULT(eventfd, EMFILE, (unsigned value, int flags), (value, flags))
BACKDOOR_FAULT(getpeername, ENOBUFS, (int fd, sockaddr* address, socklen_t* size),
               (fd, address, size))
BACKDOOR_FAULT(getsockname, ENOBUFS, (int fd, sockaddr* address, socklen_t* size),
               (fd, address, size))
BACKDOOR_FAULT(getsockopt, ENOBUFS, (int fd, int level, int name, void* value, socklen_t* size),
               (fd, level, name, value, size))
BACKDOOR_FAULT(listen, EADDRINUSE, (int fd, int backlog), (fd, backlog))
BACKDOOR_FAULT(poll, ENOMEM, (pollfd* all, nfds_t count, int limit), (all, count, limit))
BACKDOOR_FAULT(setsockopt, ENOBUFS,
               (int fd, int level, int name, const void* value, socklen_t size),
               (fd, level, name, value, size))
BACKDOOR_FAULT(socket, EMFILE, (int domain, int type, int protocol), (domain, type, protocol))
BACKDOOR_FAULT(socketpair, EMFILE, (int domain, int type, int protocol, int* pair),
               (domain, type, protocol, pair))
BACKDOOR_FAULT(timerfd_create, EMFILE, (int which, int flags), (which, flags))

extern "C" int __real_epoll_ctl(int epoll, int what, int fd, epoll_event* event);
extern "C" int __wrap_epoll_ctl(int epoll, int what, int fd, epoll_event* event) {
    // Changing what is there needs no memory, and cannot fail. How Asio wakes itself it does not check,
    // and nobody else can.
    struct stat kind {};
    const bool is_socket = fstat(fd, &kind) == 0 && S_ISSOCK(kind.st_mode);
    if (what == EPOLL_CTL_ADD && is_socket && fails("epoll_ctl")) {
        errno = ENOMEM;
        return -1;
    }
    return __real_epoll_ctl(epoll, what, fd, event);
}

extern "C" ssize_t __real_recv(int fd, void* buffer, std::size_t size, int flags);
extern "C" ssize_t __wrap_recv(int fd, void* buffer, std::size_t size, int flags) {
    if (fails("recv")) {
        errno = ECONNRESET;
        return -1;
    }
    return __real_recv(fd, buffer, size, flags);
}

extern "C" ssize_t __real_send(int fd, const void* buffer, std::size_t size, int flags);
extern "C" ssize_t __wrap_send(int fd, const void* buffer, std::size_t size, int flags) {
    if (fails("send")) {
        errno = ENOBUFS;
        return -1;
    }
    return __real_send(fd, buffer, size, flags);
}

extern "C" void* __real_mmap(void* place, std::size_t size, int access, int flags, int fd, off_t at);
extern "C" void* __wrap_mmap(void* place, std::size_t size, int access, int flags, int fd, off_t at) {
    if (fails("mmap")) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return __real_mmap(place, size, access, flags, fd, at);
}

extern "C" int __real_pthread_create(pthread_t* thread, const pthread_attr_t* how,
                                     void* (*body)(void*), void* argument);
extern "C" int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* how,
                                     void* (*body)(void*), void* argument) {
    if (fails("pthread_create")) {
        return EAGAIN;
    }
    return __real_pthread_create(thread, how, body, argument);
}
