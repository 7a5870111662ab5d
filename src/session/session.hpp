// One connected client, its network side.
#pragma once

#include "frames/decoder.hpp"
#include "frames/fields.hpp"
#include "frames/opening.hpp"
#include "session/channel.hpp"
#include "session/client_history.hpp"
#include "session/handler_slot.hpp"
#include "session/line_splitter.hpp"
#include "session/session_group.hpp"
#include "session/socket_waits.hpp"
#include "session/terminal.hpp"
#include "session/token_check.hpp"
#include "session/transport.hpp"
#include "telnet/codec.hpp"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor {

struct visitor;

/// Reads what a client sends, cuts it into lines for the console or has them edited at the client's
/// terminal, and sends what the console writes. Lives on the IO thread, but for transport's calls.
class session final : public transport,
                      public keyboard_user,
                      private socket_waits::waiter,
                      public std::enable_shared_from_this<session> {
public:
    session(std::shared_ptr<session_group> group, connection client, const visitor& who,
            std::shared_ptr<const audit_trail> trail);

    /// Runs what concerns this session alone: what it throws closes the session.
    template <class F>
    void guard(F f) noexcept {
        try {
            f();
        } catch (...) {
            fail();
        }
    }

    /// Shows the banner and the first prompt.
    void start();
    /// The console is over, with the exit status of its code: sends what it left, then closes.
    void finish(int status = 0);
    /// From any thread: finish(), soon.
    void want_finish(int status) noexcept;
    /// Tells the client why, and ends the session.
    void dismiss(const std::string& reason);
    /// Ends the session now, and the console with it. Needs no memory to do so.
    void close() noexcept;
    /// The same, with a reason in the audit log.
    void close_because(std::string_view reason) noexcept { close_because(reason, true); }
    /// Its descriptor is not ours any more.
    void close_without_socket() noexcept { close_because({}, false); }
    /// Ends it where it has kept a limit of time for too long.
    void check_limits(std::chrono::steady_clock::time_point now);
    /// As origin().
    const std::string& origin() const { return origin_; }

    /// Sends gathered output; false when there is no more to look after (channel::flush()).
    bool flush() noexcept;

    std::uint64_t number() const { return trail_->session(); }
    const std::string& known_as() const { return trail_->known_as(); }
    const std::shared_ptr<const audit_trail>& trail() const { return trail_; }
    std::chrono::system_clock::time_point since() const { return since_; }
    /// Null where nothing has been typed yet.
    const std::shared_ptr<console>& interpreter() const { return console_; }

    std::ptrdiff_t send(std::string_view bytes) noexcept override;
    int input_descriptor() noexcept override;
    std::size_t receive_lines(std::string& lines, std::size_t most) override;
    void want_writable() noexcept override;
    void want_input() noexcept override;
    void want_attention() noexcept override;

    void submit(const std::string& block) override;
    /// The client's Ctrl-C, or another's for it.
    void interrupt() override;
    void end_of_input() override;
    void wake_console() override;

private:
    enum wish : unsigned { writable = 1, input = 2, attention = 4, finishing = 8, closing = 16, attending = 32 };

    void fail() noexcept;
    void close_because(std::string_view reason, bool has_socket) noexcept;
    void wish_for(wish what) noexcept;
    void grant_wishes();
    void on_ready(bool is_readable, bool is_writable) noexcept override;
    void wait_for_socket();
    void wait_until_writable();
    void on_writable();
    void greet();
    bool log_in(std::string_view& bytes);
    void refuse_late_login();
    void close_wrong_login();
    void wait_for_input();
    void read_on();
    void on_readable();
    void receive(std::string_view bytes);
    void receive(const std::vector<telnet::event>& events);
    void receive_text(std::string_view bytes);
    void receive(const telnet::event& event);
    void control(telnet::control what);
    void deliver(const std::string& lines);
    bool is_welcome(std::string_view first);
    void tell_if_stuck();
    void watch_for_hang_up();
    void call_later(std::chrono::milliseconds delay, void (session::*action)());
    void check_for_hang_up();
    void start_console();
    void attend();
    void shut_down();

    // Of a client that speaks frames.
    void begin_frames();
    void receive_frames(std::string_view bytes);
    void receive(const frames::frame& one);
    void fail(const std::string& problem);
    void receive_hello(const frames::fields& given);
    void welcome();
    void run(const frames::fields& given);
    void begin_prompt(const frames::fields& given);
    void tell_history();
    void resize(std::string_view payload);
    void receive_input(std::string_view bytes);
    void receive_end_of_input();

    // Of the client's terminal.
    void look_for_telnet();
    void look_for_raw_terminal(std::string_view bytes);
    void edit_on_raw_terminal();
    void ask_for_character_mode();
    void probe();
    void change_mode(bool character_mode);
    void use(const telnet::terminal_type& type);
    void resize(const telnet::window_size& size);
    void request_line_mode();
    void begin_editing();
    void end_editing();
    screen terminal_screen() const;

    struct frames_client {
        frames::decoder decoder;
        std::string source;  // of the next program, as far as it has come
        std::string past;    // of its own history, the same
        std::optional<client_history> own_history;
        bool is_welcome = false;
        bool has_prompt = false;
    };

    std::shared_ptr<session_group> group_;
    std::shared_ptr<const audit_trail> trail_;
    const std::string user_;  // whose history it is
    std::string origin_;
    std::chrono::system_clock::time_point since_ = std::chrono::system_clock::now();
    boost::asio::io_context& context_;
    bool waits_to_write() const { return blocked_since_ != std::chrono::steady_clock::time_point{}; }

    unique_fd socket_;  // none once closed
    const int fd_;      // the same
    std::shared_ptr<channel> channel_;
    std::shared_ptr<console> console_;
    std::optional<frames::opening> opening_{std::in_place};  // until it is clear what it speaks
    std::unique_ptr<frames_client> frames_;
    telnet::codec codec_;
    line_splitter splitter_;
    std::shared_ptr<terminal> terminal_;  // while the client is in character mode
    std::optional<telnet::window_size> window_;
    bool colour_ = false;
    std::optional<token_check> login_;  // until the token has come
    std::shared_ptr<boost::asio::steady_timer> timer_;  // for what is to be done later
    std::atomic<unsigned> wishes_{0};  // of other threads; where there are any, a handler is posted
    post_slot wish_slot_;
    std::atomic<int> exit_status_{0};  // what want_finish() was told
    std::atomic<std::chrono::steady_clock::time_point> last_input_ =
        std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point blocked_since_{};  // none: it takes its output
    // Held while bytes are taken from the socket, until they are where they belong.
    std::mutex receiving_;
    bool between_lines_ = false;  // under receiving_: what comes next needs no decoding
    bool delivered_ = false;      // what came last has been pushed to the console
    std::atomic<bool> attended_{false};  // its gathered output is looked after
    bool is_telnet_ = false;
    bool silent_ = false;  // nothing has come of a client that may be telnet
    bool types_keys_ = true;  // as far as it has been seen
    bool pressed_enter_ = false;  // its first line ends like one on a terminal that is raw
    bool spoken_ = false;  // its first line has come
    bool delayed_ = false;  // waits to be told that its token is wrong
    std::atomic<bool> reading_{false};
    bool input_over_ = false;
    bool finishing_ = false;
};

}  // namespace backdoor
