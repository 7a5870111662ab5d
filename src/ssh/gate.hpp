// The border between sessions and libssh: what the module with libssh inside offers. No libssh.h.
#pragma once

#include <backdoor/listener.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace backdoor::ssh {

// What a client did. The order among events is that on the wire. A channel's number is its own for
// as long as the connection lives.

/// It has shown that it holds an authorized key: "SHA256:...", and the comment in its line, if any.
struct logged_in {
    std::string key;
};

struct window {
    int columns = 0;
    int rows = 0;
};

struct terminal {
    std::string type;  ///< "xterm-256color": what the client says
    window size;
};

/// It wants code run, or to be at a prompt.
struct started {
    unsigned channel = 0;
    std::optional<std::string> code;
    std::optional<ssh::terminal> terminal;
};

struct resized {
    unsigned channel = 0;
    window size;
};

/// The client wants what runs to be interrupted.
struct interrupted {
    unsigned channel = 0;
};

/// It has closed the channel; of its number nothing more is heard.
struct closed {
    unsigned channel = 0;
};

using event = std::variant<logged_in, started, resized, interrupted, closed>;

/// One client's connection. Thread safety: none. No member waits, but for the crypto.
class connection {
public:
    virtual ~connection() = default;

    /// Takes what the client sent, and sends what waits, as far as the socket allows. To be called
    /// where the socket has become readable, or writable where is_blocked().
    virtual void step() = 0;
    /// The events since the last call. Sending, too, may bring some.
    virtual std::vector<event> take_events() = 0;

    /// How many packets have come: sending, too, may take some.
    virtual std::uint64_t packets() const = 0;

    /// There is output that the client does not take: nothing is read from it until it does.
    virtual bool is_blocked() const = 0;
    /// The connection is at its end.
    virtual bool is_over() const = 0;
    /// Why a client that has not logged in was, or is to be, turned away.
    virtual std::string refusal() const = 0;

    /// Bytes that came on a channel; 0 where there are none now. Not much more than two megabytes wait
    /// to be read; then the client has to.
    virtual std::size_t read(unsigned channel, char* to, std::size_t size) = 0;
    /// No more will come.
    virtual bool has_ended(unsigned channel) const = 0;
    /// Sends on a channel. Returns how much that was: what the client allows, and not more than fits.
    virtual std::size_t write(unsigned channel, std::string_view bytes, bool is_error) = 0;
    /// Nothing more is sent on it; what was is followed by the exit status.
    virtual void finish(unsigned channel, int status) = 0;
};

struct choices {
    std::string authorized_keys;
    std::string host_key;
    /// Called on the thread that makes the gate, and on the one that uses it.
    std::function<void(std::string_view)> log;
};

/// What the clients of one server have in common: its host key, and who may come in.
class gate {
public:
    virtual ~gate() = default;

    /// The host key's, "SHA256:...": what a client's user is to compare.
    virtual std::string fingerprint() const = 0;

    /// Takes the socket, where it does not fail before. `address` is the client's, without its port.
    /// Throws error.
    virtual std::unique_ptr<connection> accept(unique_fd& socket, std::string address) = 0;
};

/// What the module gives: it and the library are always of one build. Throws error for files that are
/// missing, or that others can change.
using make_gate_function = gate*(const choices& chosen);
constexpr const char* make_gate_name = "backdoor_make_ssh_gate";

}  // namespace backdoor::ssh
