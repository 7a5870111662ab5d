// What a console has written, and its client has not been sent.
#pragma once

#include "frames/frame.hpp"
#include "session/transport.hpp"
#include "telnet/encoder.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace backdoor {

/// Where a console's output belongs; apart only for a client that is told them apart.
enum class sink { output, error };

/// Bytes as the client is to get them. One that takes no more is not sent any until unblock(); how
/// much may wait for it is the channel's to limit.
///
/// Thread safety: distinct objects: safe. Shared objects: unsafe.
class gathered_output {
public:
    /// As much is worth sending while the command goes on.
    static constexpr std::size_t worth_sending = 32 * 1024;

    /// From now on text is encoded for a telnet client, or as frames.
    void encode_for_telnet() { encoder_.emplace(); }
    void encode_as_frames() { as_frames_ = true; }

    void append(std::string_view text, sink to = sink::output);
    /// Bytes of the protocol, as they are.
    void append_protocol(std::string_view bytes) { bytes_.append(bytes); }
    /// For a client that speaks frames.
    void append_frame(frames::type what, std::string_view payload = {}) {
        frames::append(bytes_, what, payload);
    }

    std::size_t unsent() const { return bytes_.size() - sent_; }

    /// Sends what the client takes now; without waiting.
    void send_to(transport& client);
    /// Sends as much of a large text as the client takes now, without keeping a copy of it; returns
    /// how much that was. 0 where it has to be appended.
    std::size_t send_uncopied(transport& client, std::string_view text);
    /// The client takes bytes again.
    void unblock() { blocked_ = false; }
    /// Throws away what is sent, which is otherwise kept until all is: erasing it bit by bit would
    /// cost.
    void forget_sent();
    void drop();
    /// Where nothing is left: keeps no more memory than an idle console needs, or none.
    void keep_little();
    void keep_none();

private:
    std::string bytes_;
    std::size_t sent_ = 0;  // of them; all is none
    bool blocked_ = false;  // the client takes none now
    bool as_frames_ = false;
    std::optional<telnet::encoder> encoder_;
};

}  // namespace backdoor
