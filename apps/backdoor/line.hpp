// The connection to a console, in frames.
#pragma once

#include "frames/decoder.hpp"
#include "frames/fields.hpp"
#include "frames/opening.hpp"
#include "stream.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace backdoor::client {

/// Neither sends nor receives by itself: its owner waits for the socket, and then calls it.
class line {
public:
    explicit line(std::unique_ptr<stream> to_server);

    int fd() const { return stream_->fd(); }

    void send(frames::type what, std::string_view payload = {});
    /// There is something to be sent: flush() when the socket takes it.
    bool wants_to_send() const { return sent_ < out_.size(); }
    std::size_t unsent() const { return out_.size() - sent_; }
    void flush();

    /// Reads what has come. Throws failure where the connection is lost, or is no console's.
    void receive();
    /// The next frame that has come.
    std::optional<frames::frame> next();

private:
    void fail() const;

    std::unique_ptr<stream> stream_;
    std::string out_;
    std::size_t sent_ = 0;
    std::string held_;  // frames, until the server has answered
    frames::answer_finder answer_;
    bool answered_ = false;
    frames::decoder decoder_;
    std::deque<frames::frame> waiting_;
};

}  // namespace backdoor::client
