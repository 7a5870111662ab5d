// Where log lines go that nobody else takes.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace backdoor {

/// The process's standard output. It never waits, though somebody may have to read there: what
/// does not go at once is kept, up to a limit, and beyond that counted.
/// Thread safety: all members.
class standard_output {
public:
    static standard_output& get();

    /// A whole line. False where something is kept: flush() it, later.
    bool write(std::string_view line);
    bool flush();

private:
    void send();

    std::mutex mutex_;
    std::string kept_;
    std::size_t lost_ = 0;  // lines, behind what is kept
};

}  // namespace backdoor
