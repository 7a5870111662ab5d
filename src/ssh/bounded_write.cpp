#include "ssh/bounded_write.hpp"

#include <algorithm>
#include <csetjmp>
#include <cstdint>
#include <cstring>

namespace backdoor::ssh {

namespace {

// Clients say how large a packet may be. RFC 4254 has them take 32 kB, and all do. libssh obeys even to
// one of one byte, or (10 in libssh 0.10, 0 in some of 0.11) of none, and then sends those for ever.
constexpr std::uint64_t most_packets = 32;

/// A write under way.
struct attempt {
    std::jmp_buf way_out;
    const ssh_counter_struct* sent = nullptr;
    std::uint64_t most = 0;  // of sent->out_packets
};

/// What libssh logs between two packets is the one moment in which it can be stopped. Nothing but its
/// plain C lies between here and way_out, and none of its work is half done.
void leave_where_too_many(int, const char* function, const char*, void* data) {
    auto& current = *static_cast<attempt*>(data);
    if (current.sent->out_packets > current.most &&
        std::strcmp(function, "channel_write_common") == 0) {
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

std::optional<std::size_t> bounded_write(ssh_channel channel, std::string_view bytes, bool is_error,
                                         const ssh_counter_struct& sent) {
    const std::size_t window = ssh_channel_window_size(channel);
    bytes = bytes.substr(0, std::min(window, longest_write));
    if (bytes.empty()) {
        return 0;
    }
    attempt current;
    current.sent = &sent;
    current.most = sent.out_packets + most_packets;
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
