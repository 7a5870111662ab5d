#include "console/thread_activity.hpp"

#include <backdoor/listener.hpp>

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace backdoor {

thread_activity::thread_activity() : number_{gettid()} {
    pthread_getcpuclockid(pthread_self(), &clock_);
}

std::chrono::nanoseconds thread_activity::processor_time() const {
    timespec time{};
    clock_gettime(clock_, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

bool thread_activity::sleeps() const {
    const auto path = "/proc/self/task/" + std::to_string(number_) + "/stat";
    const unique_fd file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    char text[128];
    const auto size = file ? read(file.get(), text, sizeof text) : -1;
    if (size <= 0) {
        return true;
    }
    // "12 (name) S ...": a name may have parentheses in it, too.
    const std::string_view found{text, static_cast<std::size_t>(size)};
    const auto end_of_name = found.rfind(") ");
    return end_of_name == std::string_view::npos || found.substr(end_of_name + 2, 1) != "R";
}

}  // namespace backdoor
