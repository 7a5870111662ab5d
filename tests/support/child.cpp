#include "support/child.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <stdexcept>

namespace backdoor::test {

namespace {

constexpr const char* option = "--host-program";

std::map<std::string, int (*)()>& programs() {
    static std::map<std::string, int (*)()> all;
    return all;
}

std::pair<unique_fd, unique_fd> make_pipe() {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) {
        throw std::runtime_error{"cannot make a pipe"};
    }
    // Out of the way of the two numbers above, so that dup2() in the child always copies.
    unique_fd read_end{fcntl(ends[0], F_DUPFD_CLOEXEC, 20)};
    unique_fd write_end{fcntl(ends[1], F_DUPFD_CLOEXEC, 20)};
    ::close(ends[0]);
    ::close(ends[1]);
    return {std::move(read_end), std::move(write_end)};
}

}  // namespace

host_program::host_program(const char* name, int (*body)()) { programs().emplace(name, body); }

child::child(const std::string& program) {
    auto [childs_input, to_child] = make_pipe();
    auto [from_child, childs_output] = make_pipe();
    to_child_ = std::move(to_child);
    from_child_ = std::move(from_child);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, childs_input.get(), from_parent);
    posix_spawn_file_actions_adddup2(&actions, childs_output.get(), to_parent);
    const std::string self = "/proc/self/exe";
    std::string name = program;
    char* arguments[] = {const_cast<char*>(self.c_str()), const_cast<char*>(option), name.data(),
                         nullptr};
    const int failure =
        posix_spawn(&pid_, self.c_str(), &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) {
        throw std::runtime_error{"cannot start a host program"};
    }
}

child::~child() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
}

std::string child::told(clock::duration limit) {
    std::string line;
    const auto end = clock::now() + limit;
    for (char c = 0;;) {
        pollfd state{from_child_.get(), POLLIN, 0};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - clock::now()).count();
        if (left <= 0 || poll(&state, 1, static_cast<int>(left)) <= 0 ||
            read(from_child_.get(), &c, 1) != 1) {
            throw std::runtime_error{"the host program told nothing"};
        }
        if (c == '\n') {
            return line;
        }
        line += c;
    }
}

void child::answer() { (void)!write(to_child_.get(), "\n", 1); }

int child::wait(clock::duration limit) {
    int status = 0;
    if (!eventually([&] { return waitpid(pid_, &status, WNOHANG) == pid_; }, limit)) {
        throw std::runtime_error{"the host program does not end"};
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void tell(const std::string& line) {
    const auto text = line + "\n";
    (void)!write(to_parent, text.data(), text.size());
}

void ask() {
    char c = 0;
    (void)!read(from_parent, &c, 1);
}

int run_tests_or_host_program(int argc, char** argv) {
    if (argc == 3 && std::string{argv[1]} == option) {
        return programs().at(argv[2])();
    }
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}

}  // namespace backdoor::test
