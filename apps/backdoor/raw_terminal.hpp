// The user's terminal, while it sends each key.
#pragma once

#include <termios.h>

namespace backdoor::client {

/// Puts it back as it was at the end, whatever the end is: an exception, too.
class raw_terminal {
public:
    raw_terminal();
    raw_terminal(const raw_terminal&) = delete;
    raw_terminal& operator=(const raw_terminal&) = delete;
    ~raw_terminal();

    /// Stops this process, as Ctrl-Z does, with the terminal as it was. When it goes on there is a
    /// SIGCONT, and then resume().
    void suspend();
    /// Has it send each key again, whatever it does now.
    void resume();

private:
    void restore();

    termios before_{};
};

}  // namespace backdoor::client
