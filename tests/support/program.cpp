#include "support/program.hpp"

#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace backdoor::test {

namespace {

unique_fd start(const std::string& command, pid_t& pid) {
    int ends[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        throw std::runtime_error{"cannot make a pair of sockets"};
    }
    unique_fd ours{ends[0]};
    const unique_fd its{ends[1]};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, its.get(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, its.get(), STDOUT_FILENO);
    std::string script = "exec " + command;
    std::string shell = "/bin/sh";
    std::string flag = "-c";
    char* arguments[] = {shell.data(), flag.data(), script.data(), nullptr};
    // A group of its own, for those that it starts.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    const int failure =
        posix_spawn(&pid, shell.c_str(), &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) {
        throw std::runtime_error{"cannot start " + command};
    }
    return ours;
}

}  // namespace

program::program(const std::string& command) : io_{start(command, pid_)} {}

program::~program() { kill(); }

void program::kill() {
    if (pid_ > 0) {
        ::kill(-pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
}

int program::wait() {
    int status = 0;
    if (!eventually([&] { return waitpid(pid_, &status, WNOHANG) == pid_; })) {
        throw std::runtime_error{"a program does not end"};
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace backdoor::test
