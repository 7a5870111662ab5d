// Other people's programs, talked to through their standard input and output.
#pragma once

#include <sys/types.h>

#include <string>

#include "support/client.hpp"

namespace backdoor::test {

/// A command of the shell, with us at the other end of its standard input and output. Killed at the end,
/// with those that it has started, where it still runs.
class program {
public:
    explicit program(const std::string& command);
    program(const program&) = delete;
    program& operator=(const program&) = delete;
    ~program();

    client& io() { return io_; }
    /// Ends it without a chance to say so.
    void kill();
    /// Its exit status, when it has ended by itself. Throws where it does not.
    int wait();

private:
    pid_t pid_ = -1;
    client io_;  // its start sets pid_
};

}  // namespace backdoor::test
