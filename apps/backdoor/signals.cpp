#include "signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

namespace backdoor::client {

signals::signals() {
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t noted;
    sigemptyset(&noted);
    for (const int number : {SIGHUP, SIGINT, SIGTERM, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH}) {
        sigaddset(&noted, number);
    }
    sigprocmask(SIG_BLOCK, &noted, nullptr);
    queue_ = descriptor{signalfd(-1, &noted, SFD_CLOEXEC | SFD_NONBLOCK)};
}

std::optional<int> signals::take() {
    signalfd_siginfo one{};
    if (read(queue_.get(), &one, sizeof one) != sizeof one) {
        return std::nullopt;
    }
    return static_cast<int>(one.ssi_signo);
}

void signals::die_by(int number) {
    std::signal(number, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    sigprocmask(SIG_UNBLOCK, &only, nullptr);
    raise(number);
    _exit(128 + number);
}

}  // namespace backdoor::client
