// Being the child of a process with consoles.
#pragma once

#include <backdoor/export.hpp>
#include <backdoor/listener.hpp>

namespace backdoor {

/// From now on this process, and no child of it, is the one with our threads.
void this_process_has_consoles();

/// This socket is this process's alone: a forked child closes it, or clients and ports of the parent
/// would live as long as the child does. Until it is closed here.
void keep_from_children(int fd) noexcept;
void is_closed_here(int fd) noexcept;

/// A descriptor that is so kept, while it is owned. Its number stays taken in a child, by a descriptor that
/// nothing ever comes from: what watches numbers there, such as a copied hub, must not meet another's.
class BACKDOOR_API parents_fd {
public:
    parents_fd() = default;
    explicit parents_fd(unique_fd fd) noexcept;
    parents_fd(const parents_fd&) = delete;
    parents_fd& operator=(parents_fd&& other) noexcept;
    ~parents_fd() { reset(); }

    int get() const { return fd_.get(); }
    explicit operator bool() const { return static_cast<bool>(fd_); }
    void reset() noexcept;

private:
    unique_fd fd_;
};

/// While one exists, whoever forks waits: for what a child must not find half done. It waits for nothing
/// itself, and is held for no longer than that takes.
class BACKDOOR_API no_fork {
public:
    no_fork() noexcept;
    no_fork(const no_fork&) = delete;
    no_fork& operator=(const no_fork&) = delete;
    ~no_fork();
};

/// We are a child, forked without exec: our threads are not here, and the sockets are the parent's.
BACKDOOR_API bool in_forked_child();

}  // namespace backdoor
