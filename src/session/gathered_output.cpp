#include "session/gathered_output.hpp"

#include "session/idle_buffer.hpp"

#include <algorithm>
#include <utility>

namespace backdoor {

namespace {

// The most that is handed to the kernel at once: the channel is locked meanwhile.
constexpr std::size_t send_chunk = 256 * 1024;

}  // namespace

void gathered_output::append(std::string_view text, sink to) {
    if (as_frames_) {
        if (!text.empty()) {
            append_frame(to == sink::error ? frames::type::error_output : frames::type::output,
                         text);
        }
    } else if (encoder_) {
        encoder_->encode(text, bytes_);
    } else {
        bytes_.append(text);
    }
}

void gathered_output::send_to(transport& client) {
    while (!blocked_ && sent_ < bytes_.size()) {
        const auto rest = std::string_view{bytes_}.substr(sent_, send_chunk);
        const auto count = client.send(rest);
        if (count < 0) {
            // The session closes; until then output goes nowhere.
            sent_ = bytes_.size();
            break;
        }
        sent_ += static_cast<std::size_t>(count);
        if (static_cast<std::size_t>(count) < rest.size()) {
            blocked_ = true;
            client.want_writable();
        }
    }
    if (sent_ == bytes_.size()) {
        bytes_.clear();
        sent_ = 0;
    }
}

std::size_t gathered_output::send_uncopied(transport& client, std::string_view text) {
    if (as_frames_ || encoder_ || blocked_ || !bytes_.empty() || text.size() < worth_sending) {
        return 0;
    }
    return static_cast<std::size_t>(
        std::max<std::ptrdiff_t>(client.send(text.substr(0, send_chunk)), 0));
}

void gathered_output::forget_sent() { bytes_.erase(0, std::exchange(sent_, 0)); }

void gathered_output::drop() {
    release(bytes_);
    sent_ = 0;
}

void gathered_output::keep_little() {
    if (bytes_.empty()) {
        release(bytes_);
    }
}

void gathered_output::keep_none() {
    if (bytes_.empty()) {
        release(bytes_, 0);
    }
}

}  // namespace backdoor
