#include "support/host.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace backdoor::test {

void log_book::add(std::string_view line) {
    const std::lock_guard guard{mutex_};
    lines_.emplace_back(line);
    changed_.notify_all();
}

std::vector<std::string> log_book::lines() const {
    const std::lock_guard guard{mutex_};
    return lines_;
}

bool log_book::wait_for(std::string_view line) const {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, patience, [&] {
        return std::find(lines_.begin(), lines_.end(), line) != lines_.end();
    });
}

bool log_book::wait_for_part(std::string_view part) const {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, patience, [&] {
        return std::any_of(lines_.begin(), lines_.end(), [&](const std::string& line) {
            return line.find(part) != std::string::npos;
        });
    });
}

options logging_to(log_book& book, options choices) {
    choices.log = book.writer();
    return choices;
}

namespace {

/// A test's client may be silent for long, on a busy machine, and does not expect to be asked
/// whether it is telnet.
options without_probe(options choices) {
    if (choices.telnet == telnet_mode::automatic) {
        choices.telnet = telnet_mode::never;
    }
    return choices;
}

}  // namespace

host::host(locals names, options choices, const std::string& address)
    : door{address, std::move(names), without_probe(logging_to(log, std::move(choices)))} {}

client host::greeted_client() const {
    client one{door.address()};
    one.greeted();
    return one;
}

std::pair<unique_fd, unique_fd> tcp_pair() {
    const auto door = listen("127.0.0.1:0");
    client here{door.address()};
    unique_fd there{accept4(door.fd(), nullptr, nullptr, SOCK_CLOEXEC)};
    return {std::move(there), unique_fd{fcntl(here.fd(), F_DUPFD_CLOEXEC, 0)}};
}

scratch_directory::scratch_directory() {
    auto path = (std::filesystem::temp_directory_path() / "backdoor-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) {
        throw std::runtime_error{"cannot make a directory like " + path};
    }
    path_ = path;
}

scratch_directory::~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace backdoor::test
