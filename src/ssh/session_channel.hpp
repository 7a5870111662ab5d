// One channel of a client's.
#pragma once

#include "ssh/gate.hpp"
#include "ssh/handles.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor::ssh {

/// What a client may do, as its key's line says.
struct permissions {
    bool terminal = true;
    std::optional<std::string> command;
};

/// What the protocol calls a session: a prompt, or code that is run. Of other channels there are none.
class session_channel {
public:
    /// All of them outlive it. Throws std::bad_alloc.
    session_channel(ssh_session session, unsigned number, const permissions& allowed,
                    std::vector<event>& events);
    session_channel(const session_channel&) = delete;
    session_channel& operator=(const session_channel&) = delete;
    ~session_channel();

    ssh_channel handle() const { return handle_; }
    unsigned number() const { return number_; }
    /// By the client.
    bool is_closed() const { return closed_; }
    /// And there was no memory for the event that says so.
    bool is_closed_untold() const { return closed_ && !told_of_end_; }
    /// The client sends more than it was allowed to.
    bool floods() const { return floods_; }

    // As connection's.
    std::size_t read(char* to, std::size_t size);
    bool has_ended() const;
    /// None where the session must not be used any more.
    std::optional<std::size_t> write(std::string_view bytes, bool is_error);
    void finish(int status);

private:
    bool start(std::optional<std::string> code);
    void resize(window size);
    void take_signal(std::string_view name);
    void fetch();

    const unsigned number_;
    const permissions& allowed_;
    std::vector<event>& events_;
    const ssh_channel handle_;
    ssh_channel_callbacks_struct callbacks_{};
    std::optional<terminal> terminal_;
    std::uint32_t waiting_ = 0;  // bytes in libssh's buffer
    std::string received_;       // from taken_ on to be read
    std::size_t taken_ = 0;
    bool started_ = false;
    bool closed_ = false;
    bool told_of_end_ = false;
    bool finished_ = false;
    bool floods_ = false;
};

}  // namespace backdoor::ssh
