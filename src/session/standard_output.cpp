#include "session/standard_output.hpp"

#include <backdoor/listener.hpp>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdint>

namespace backdoor {

namespace {

constexpr int descriptor = STDOUT_FILENO;
constexpr std::size_t most_kept = 256 * 1024;

/// As write(): what goes at once, or -1 with EAGAIN. Descriptor 1 is the host's, and so is its mode;
/// and between asking whether it would wait and writing, the host may have filled it.
ssize_t write_at_once(std::string_view text) {
    struct stat what {};
    if (fstat(descriptor, &what) != 0) {
        return -1;
    }
    if (S_ISSOCK(what.st_mode)) {
        return send(descriptor, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    if (!S_ISFIFO(what.st_mode) && !S_ISCHR(what.st_mode)) {
        return ::write(descriptor, text.data(), text.size());  // files do not wait
    }
    pollfd state{descriptor, POLLOUT, 0};
    if (poll(&state, 1, 0) == 0) {
        errno = EAGAIN;
        return -1;
    }
    if ((state.revents & POLLERR) != 0) {
        // Nobody will read it any more; to write would only bring SIGPIPE upon us.
        errno = EPIPE;
        return -1;
    }
    // The same pipe or terminal, opened anew: with a mode of its own.
    const unique_fd mine{open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    return ::write(mine ? mine.get() : descriptor, text.data(),
                   text.size() < PIPE_BUF ? text.size() : PIPE_BUF);
}

}  // namespace

standard_output& standard_output::get() {
    // Never destroyed: the IO thread may outlive main(). In a forked child nobody would let go of
    // a lock that was held.
    static standard_output* const only = [] {
        pthread_atfork([] { get().mutex_.lock(); }, [] { get().mutex_.unlock(); },
                       [] { get().mutex_.unlock(); });
        return new standard_output;
    }();
    return *only;
}

bool standard_output::write(std::string_view line) {
    const std::lock_guard guard{mutex_};
    if (kept_.size() + line.size() > most_kept) {
        ++lost_;
        return false;
    }
    kept_.append(line).push_back('\n');
    send();
    return kept_.empty();
}

bool standard_output::flush() {
    const std::lock_guard guard{mutex_};
    send();
    if (kept_.empty() && lost_ > 0) {
        kept_ = "backdoor: " + std::to_string(lost_) +
                " lines of the log are missing here: nobody read standard output\n";
        lost_ = 0;
        send();
    }
    return kept_.empty();
}

void standard_output::send() {
    std::size_t sent = 0;
    while (sent < kept_.size()) {
        const auto count = write_at_once(std::string_view{kept_}.substr(sent));
        if (count > 0) {
            sent += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN) {
            break;
        } else if (errno != EINTR) {
            sent = kept_.size();  // closed, or full for good: nobody is there to be told
        }
    }
    kept_.erase(0, sent);
    if (kept_.empty()) {
        std::string{}.swap(kept_);
    }
}

}  // namespace backdoor
