// Why the client ends before its work is done.
#pragma once

#include <stdexcept>
#include <string>

namespace backdoor::client {

namespace status {
inline constexpr int usage = 2;  // and: there is no console to be had
inline constexpr int lost = 3;
inline constexpr int timed_out = 124;
inline constexpr int interrupted = 130;
}  // namespace status

/// Ends the client with a message, if there is one, and that exit status.
class failure : public std::runtime_error {
public:
    failure(int status, const std::string& message)
        : std::runtime_error{message}, status_{status} {}
    int status() const { return status_; }

private:
    int status_;
};

/// Ends the client as that signal would, once the terminal is as it was.
struct ended_by_signal {
    int number;
};

}  // namespace backdoor::client
