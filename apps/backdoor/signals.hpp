// Signals, as something to be read.
#pragma once

#include "descriptor.hpp"

#include <csignal>
#include <optional>

namespace backdoor::client {

/// From its construction on the signals that the client takes note of wait to be read: those that
/// end it, interrupt, stop, or tell of the window's size. A broken pipe is an error of write().
class signals {
public:
    signals();

    int fd() const { return queue_.get(); }
    /// The next that waits.
    std::optional<int> take();

    /// Ends this process by that signal.
    [[noreturn]] static void die_by(int number);

private:
    descriptor queue_;
};

}  // namespace backdoor::client
