// A client with a key, in the test's own process: other people's programs would take too long to start
// hundreds of times.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct ssh_key_struct;
struct ssh_session_struct;
struct ssh_channel_struct;

namespace backdoor::test {

class ssh_key {
public:
    ssh_key();

    /// As in an authorized_keys file.
    std::string line() const;
    ssh_key_struct* get() const { return key_.get(); }

private:
    std::shared_ptr<ssh_key_struct> key_;
};

/// Logged in. All of it throws std::runtime_error, with "in time" in its text where the server does not answer.
class ssh_client {
public:
    ssh_client(const std::string& address, const ssh_key& own);
    ssh_client(const ssh_client&) = delete;
    ssh_client& operator=(const ssh_client&) = delete;
    ~ssh_client();

    /// A prompt, on a terminal; or `code` run. One at a time.
    void open(const std::string& code = {});
    void send(std::string_view bytes);
    void read_until(std::string_view mark);
    void read_to_end();

private:
    void check(bool well);
    bool receive();

    std::shared_ptr<ssh_session_struct> session_;
    std::shared_ptr<ssh_channel_struct> channel_;
    std::string received_;
};

}  // namespace backdoor::test
