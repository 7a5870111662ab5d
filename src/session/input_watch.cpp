#include "session/input_watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>

namespace backdoor {

bool input_watch::open() noexcept {
    if (!bell_) {
        bell_ = parents_fd{unique_fd{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)}};
    }
    return static_cast<bool>(bell_);
}

input_watch::end input_watch::wait(int descriptor, std::chrono::milliseconds most) noexcept {
    std::array<pollfd, 2> either{{{descriptor, POLLIN, 0}, {bell_.get(), POLLIN, 0}}};
    const int ready = poll(either.data(), either.size(), static_cast<int>(most.count()));
    if (ready <= 0) {
        return ready < 0 && errno == EINTR ? end::rung : end::time_over;
    }
    if (either[1].revents != 0) {
        eventfd_t count = 0;
        (void)eventfd_read(bell_.get(), &count);
        return end::rung;
    }
    return end::readable;
}

void input_watch::ring() noexcept { (void)eventfd_write(bell_.get(), 1); }

}  // namespace backdoor
