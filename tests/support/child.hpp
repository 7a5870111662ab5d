// Hosts in a process of their own: what can kill a process is not tested in this one.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "support/client.hpp"

namespace backdoor::test {

/// Where a host program finds its two ends of the pipes.
inline constexpr int from_parent = 10;
inline constexpr int to_parent = 11;

/// The body of a host program; its result is the process's exit status.
///
///     HOST_PROGRAM(leaves_at_once) { return 0; }
///     TEST(a_host, may_leave) { EXPECT_EQ(child{"leaves_at_once"}.wait(), 0); }
#define HOST_PROGRAM(name)                                                              \
    static int name();                                                                  \
    static const ::backdoor::test::host_program name##_program{#name, name};            \
    static int name()

class host_program {
public:
    host_program(const char* name, int (*body)());
};

/// A host program that runs. Killed with its handle, if it still runs then.
class child {
public:
    explicit child(const std::string& program);
    child(const child&) = delete;
    child& operator=(const child&) = delete;
    ~child();

    /// What the program gave to tell().
    std::string told(clock::duration limit = patience);
    /// A client of the address that the program tells next, behind its banner.
    client greeted_client() { return std::move(client{told()}.greeted()); }
    /// Lets ask() return in the program.
    void answer();

    /// The exit status, or minus the number of the signal that ended it. Throws where it does not
    /// end.
    int wait(clock::duration limit = patience);
    pid_t pid() const { return pid_; }

private:
    unique_fd to_child_;
    unique_fd from_child_;
    pid_t pid_ = -1;
};

/// In a host program: gives a line to child::told().
void tell(const std::string& line);
/// In a host program: waits for child::answer().
void ask();

/// The main() of a test program with host programs.
int run_tests_or_host_program(int argc, char** argv);

}  // namespace backdoor::test
