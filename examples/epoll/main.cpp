// A plain epoll loop that lends turns to its consoles: an eventfd and a queue are all it takes.
#include <backdoor/backdoor.hpp>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

// Takes the count out of an eventfd or a timerfd, 0 if it was not due since the last time.
std::uint64_t take_count(const backdoor::unique_fd& counter) {
    std::uint64_t count = 0;
    return read(counter.get(), &count, sizeof count) == sizeof count ? count : 0;
}

// What other threads want done on the loop. Its descriptor is readable while something waits.
class inbox {
public:
    int descriptor() const { return wakeup_.get(); }

    void post(std::function<void()> work) {
        std::lock_guard lock{mutex_};
        waiting_.push_back(std::move(work));
        eventfd_write(wakeup_.get(), 1);
    }

    void run() {
        take_count(wakeup_);
        std::unique_lock lock{mutex_};
        const auto ready = std::exchange(waiting_, {});
        lock.unlock();  // what runs may post again
        for (const auto& work : ready) {
            work();
        }
    }

private:
    backdoor::unique_fd wakeup_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::mutex mutex_;
    std::vector<std::function<void()>> waiting_;
};

int main(int argc, char** argv) {
    // Blocked before any thread starts: the loop alone gets them, through a descriptor.
    sigset_t ending{};
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigprocmask(SIG_BLOCK, &ending, nullptr);
    const backdoor::unique_fd signals{signalfd(-1, &ending, SFD_CLOEXEC)};
    const backdoor::unique_fd timer{timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)};
    const itimerspec every_millisecond{{0, 1'000'000}, {0, 1'000'000}};
    timerfd_settime(timer.get(), 0, &every_millisecond, nullptr);
    inbox posted;

    const backdoor::unique_fd poll{epoll_create1(EPOLL_CLOEXEC)};
    for (const int fd : {signals.get(), timer.get(), posted.descriptor()}) {
        epoll_event interest{.events = EPOLLIN, .data = {.fd = fd}};
        epoll_ctl(poll.get(), EPOLL_CTL_ADD, fd, &interest);
    }

    std::uint64_t ticks = 0;  // no atomic, no mutex: consoles read it on this thread
    backdoor::locals names;
    names.live("ticks", [&] { return ticks; });
    const backdoor::options lent{.executor = std::bind_front(&inbox::post, &posted)};
    backdoor::server door{argc > 1 ? argv[1] : "localhost:3000", names, lent};

    for (epoll_event event{}; event.data.fd != signals.get();) {
        epoll_wait(poll.get(), &event, 1, -1);
        ticks += take_count(timer);
        posted.run();
    }
}
