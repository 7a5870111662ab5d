// What is still to be written to standard output and standard error.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace backdoor::client {

/// In the order in which it came, though on two descriptors: they are often one terminal. Never
/// waits for a reader, lest nobody listened to signals meanwhile.
class output {
public:
    void add(int fd, std::string_view text);
    bool empty() const { return pieces_.empty(); }
    std::size_t size() const { return size_; }

    /// Where write() is possible next.
    int fd() const { return pieces_.front().fd; }
    /// Writes a little there. Throws ended_by_signal where standard output has no reader any more.
    void write();

private:
    struct piece {
        int fd;
        std::string text;
        std::size_t written = 0;
    };

    std::deque<piece> pieces_;
    std::size_t size_ = 0;
};

}  // namespace backdoor::client
