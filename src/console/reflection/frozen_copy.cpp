#include "console/reflection/frozen_copy.hpp"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <system_error>

namespace backdoor {

namespace {

/// By system calls alone: locks of libc may be held by threads that the child does not have.
[[noreturn]] void sleep_in_child() {
    ::syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    ::syscall(SYS_close_range, 0U, ~0U, 0U);
    timespec left{std::chrono::seconds{frozen_copy::longest}.count(), 0};
    while (::syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &left, &left) != 0 && errno == EINTR) {
    }
    ::syscall(SYS_exit_group, 0);
    for (;;) {
    }
}

std::size_t resident_bytes() {
    std::ifstream file{"/proc/self/statm"};
    std::size_t all = 0;
    std::size_t resident = 0;
    file >> all >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

frozen_copy::frozen_copy() : bytes_{resident_bytes()} {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const auto start = std::chrono::steady_clock::now();
    // A child that tells nobody of its end; none of the handlers of pthread_atfork() run.
#if defined(__s390x__)
    const auto made = ::syscall(SYS_clone, 0L, 0L);
#else
    const auto made = ::syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
#endif
    if (made == 0) {
        sleep_in_child();
    }
    const int error = errno;
    took_ = std::chrono::steady_clock::now() - start;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (made < 0) {
        throw std::system_error{error, std::generic_category(), "cannot fork a snapshot"};
    }
    process_ = static_cast<int>(made);
}

frozen_copy::~frozen_copy() {
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, __WALL) < 0 && errno == EINTR) {
    }
}

std::string frozen_copy::cost() const {
    char text[64];
    std::snprintf(text, sizeof text, "a copy of %zu MB, made in %.2f ms", bytes_ >> 20U,
                  std::chrono::duration<double, std::milli>{took_}.count());
    return text;
}

}  // namespace backdoor
