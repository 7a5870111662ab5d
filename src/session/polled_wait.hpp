// Waiting in a channel without blocking the thread.
#pragma once

#include "session/channel.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace backdoor {

/// A read_line() or write() of a channel, in pieces: where one would block, this tells whom to wake,
/// and is called again. While that is so the console counts as waiting there. One that is destroyed
/// before it is over is given up.
class BACKDOOR_API polled_wait {
public:
    /// `who` is woken at each change after a piece that gave nothing.
    polled_wait(channel& io, std::shared_ptr<waker> who);
    polled_wait(const polled_wait&) = delete;
    polled_wait& operator=(const polled_wait&) = delete;
    ~polled_wait();

    /// How the read ended; nothing where it goes on.
    std::optional<outcome> read_line(const reading& what, std::string& line);
    /// The same for a write; `rest` loses what has been taken.
    std::optional<outcome> write(std::string_view& rest, sink to);

private:
    enum class kind { none, read, write };

    void begin(kind what);
    void end();
    bool receive();
    void wait_for_input();
    void unwatch();

    channel& io_;
    const std::shared_ptr<waker> who_;
    kind under_way_ = kind::none;
    bool prompted_ = false;
    bool watches_ = false;    // the client's socket
    bool may_watch_ = false;  // as yet in this read
};

}  // namespace backdoor
