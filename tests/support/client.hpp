// A client as a script would write one: blocking, with a deadline for everything it waits for.
#pragma once

#include <backdoor/listener.hpp>

#include <string>
#include <string_view>

#include "support/deadline.hpp"

namespace backdoor::test {

inline constexpr std::string_view prompt = ">>> ";

/// Throws std::runtime_error, which names what had come until then, where the server is gone or
/// late.
class client {
public:
    /// As server::address() has it: "127.0.0.1:3000", "[::1]:3000" or a path.
    explicit client(const std::string& address);
    explicit client(unique_fd connected) : fd_{std::move(connected)} {}

    void send(std::string_view bytes);
    /// All up to and with the first occurrence of `mark`; what comes behind waits for the next call.
    std::string read_until(std::string_view mark, clock::duration limit = patience);
    /// The same without the mark.
    std::string read_before(std::string_view mark, clock::duration limit = patience);
    /// All that comes until the server closes.
    std::string read_to_end(clock::duration limit = patience);
    /// What has come, at least a byte.
    std::string read_some(clock::duration limit = patience);
    /// Whatever comes within that time: for what must not come.
    std::string read_for(clock::duration time);

    /// Skips the banner.
    client& greeted();
    /// Sends a line, and gives what is shown before the next prompt.
    std::string run(std::string_view line);

    void half_close();
    void close() { fd_.reset(); }
    /// Closes so that the server gets an error, as where a machine has crashed.
    void reset();
    int fd() const { return fd_.get(); }

private:
    bool receive(clock::time_point end);

    unique_fd fd_;
    std::string received_;
};

}  // namespace backdoor::test
