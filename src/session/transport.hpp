// Where a channel's output goes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backdoor {

/// One client's connection, as a channel sees it. All calls are made under the channel's lock, from
/// any thread; none may wait, or fail.
class transport {
public:
    virtual ~transport() = default;

    /// Sends what fits now; returns how much that was, or -1 when the client is gone: channel::close()
    /// will follow.
    virtual std::ptrdiff_t send(std::string_view bytes) noexcept = 0;
    /// Where the next input is the console's to wait for and to receive: the socket. -1 where it comes by
    /// channel::push(), as it does from the next want_input() on.
    virtual int input_descriptor() noexcept = 0;
    /// Appends the whole lines that have come and of which nobody knows yet, `most` bytes at most;
    /// returns how many that were. None where they want more than to be cut at newlines. Where there is no
    /// memory for them it throws, and they stay.
    virtual std::size_t receive_lines(std::string& lines, std::size_t most) = 0;
    /// Asks for channel::drain() once the client takes bytes again.
    virtual void want_writable() noexcept = 0;
    /// Asks for more input: the queue, which was full, has room again, or the console waits.
    virtual void want_input() noexcept = 0;
    /// Asks for channel::take_news(): there is something for the client's editor.
    virtual void want_attention() noexcept = 0;
};

}  // namespace backdoor
