#include "ssh/bounded_write.hpp"

#include <algorithm>
#include <csetjmp>
#include <cstdint>
#include <cstring>

namespace backdoor::ssh {

namespace {

// Clients say how large a packet may be. RFC 4254 has them take 32 kB, and all do. libssh obeys even to
// one of one byte, or (10 in libssh 0.10, 0 in 0.11) of none, and then sends those until 256 MB of them
// wait in its buffer. No function of it tells what the client said, and none that it calls
// can end its loop: ssh_channel_write() is left from the log line that it writes after each packet.
//
// That is safe, in channel_write_common() and there alone:
// - Between way_out and here are C functions of libssh, which have no destructors to skip: the loop and
//   its logging, which formats into buffers on the stack and calls nothing of the C library's that locks,
//   since a callback is set. No call into OpenSSL is under way, and no lock is held.
// - The packet before has been sent, or queued, whole: ssh_packet_send() has returned, and has emptied or
//   replaced the buffer in which packets are put together. What the loop itself has is on the stack. All
//   that has not happened yet is that the client's window is made smaller by that packet.
// - So the session could go on, but for a window that is off. It is closed instead: None is returned,
//   libssh_connection sets over_ and broken_, and frees it without a word to the client, at the end of
//   this step. ssh_free() finds a session like any other.
// - Nothing of ours runs below: no callback of ours writes, so that there is one attempt at a time.
//
// Lines are counted, not packets: in an exchange of keys packets are queued, not sent, and nothing else
// would end the loop.
constexpr int most_packets = 32;

/// A write under way.
struct attempt {
    std::jmp_buf way_out;
    int packets_left = most_packets;
};

void leave_where_too_many(int, const char* function, const char*, void* data) {
    auto& current = *static_cast<attempt*>(data);
    if (std::strcmp(function, "channel_write_common") == 0 && --current.packets_left < 0) {
        std::longjmp(current.way_out, 1);
    }
}

/// False where it was left. A function of its own, in which nothing is destroyed or changed.
bool write(attempt& current, ssh_channel channel, std::string_view bytes, bool is_error,
           int& count) {
    if (setjmp(current.way_out) != 0) {
        return false;
    }
    const auto send = is_error ? ssh_channel_write_stderr : ssh_channel_write;
    count = send(channel, bytes.data(), static_cast<std::uint32_t>(bytes.size()));
    return true;
}

}  // namespace

std::optional<std::size_t> bounded_write(ssh_channel channel, std::string_view bytes,
                                         bool is_error) {
    const std::size_t window = ssh_channel_window_size(channel);
    bytes = bytes.substr(0, std::min(window, longest_write));
    if (bytes.empty()) {
        return 0;
    }
    attempt current;
    int count = 0;
    // All three are this thread's alone.
    ssh_set_log_callback(leave_where_too_many);
    ssh_set_log_userdata(&current);
    ssh_set_log_level(SSH_LOG_PACKET);
    const bool returned = write(current, channel, bytes, is_error, count);
    ssh_set_log_level(SSH_LOG_NOLOG);
    ssh_set_log_userdata(nullptr);
    if (!returned) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(std::max(count, 0));
}

}  // namespace backdoor::ssh
