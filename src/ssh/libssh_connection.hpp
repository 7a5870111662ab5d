// One client's connection.
#pragma once

#include "ssh/gate.hpp"
#include "ssh/handles.hpp"
#include "ssh/key_ring.hpp"
#include "ssh/session_channel.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace backdoor::ssh {

class libssh_connection final : public connection {
public:
    /// The ring outlives it. Throws error.
    libssh_connection(ssh_bind door, unique_fd& socket, key_ring& ring, std::string address);
    ~libssh_connection() override;

    void step() override;
    std::vector<event> take_events() override;
    std::uint64_t packets() const override { return packets_.in_packets; }
    bool is_blocked() const override;
    bool is_over() const override { return over_; }
    std::string refusal() const override;

    std::size_t read(unsigned channel, char* to, std::size_t size) override;
    bool has_ended(unsigned channel) const override;
    std::size_t write(unsigned channel, std::string_view bytes, bool is_error) override;
    void finish(unsigned channel, int status) override;

private:
    void set_callbacks();
    void exchange_keys();
    void let_send();
    void check();
    int judge(ssh_key key, bool is_proven);
    ssh_channel open_channel();
    session_channel* find(unsigned number) const;

    key_ring& ring_;
    const std::string address_;
    session_handle session_;
    event_handle event_;  // once the keys are exchanged
    ssh_server_callbacks_struct callbacks_{};
    ssh_callbacks_struct progress_{};
    ssh_counter_struct received_{};
    ssh_counter_struct packets_{};

    permissions allowed_;
    std::vector<event> events_;
    // A list, since libssh may open one while others are freed.
    std::list<std::unique_ptr<session_channel>> channels_;
    unsigned last_channel_ = 0;
    std::string refusal_;  // of the keys it offered
    int keys_refused_ = 0;
    bool logged_in_ = false;
    bool over_ = false;
    bool broken_ = false;  // the session is only to be freed
};

}  // namespace backdoor::ssh
