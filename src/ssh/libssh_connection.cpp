#include "ssh/libssh_connection.hpp"

#include "ssh/guarded.hpp"

#include <backdoor/error.hpp>

#include <fcntl.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace backdoor::ssh {

namespace {

// As sshd's MaxAuthTries and MaxSessions.
constexpr int most_keys = 6;
constexpr std::size_t most_channels = 10;

// Before it has logged in a client makes us read files and verify signatures. A login with six keys
// of 16384 bits takes half of that.
constexpr std::uint64_t most_bytes_before_login = 64 * 1024;
constexpr std::uint64_t most_packets_before_login = 100;
// libssh verifies a signature before it asks whether its key may enter, with whatever key that is (5 ms
// for RSA with the worst of exponents), and tells nobody of one that is wrong. That is seen by what stays
// without an answer: an honest login has one such packet, its list of extensions.
constexpr std::uint64_t most_unanswered_before_login = 4;

constexpr std::size_t longest_reason = 300;
constexpr std::size_t longest_comment = 80;

libssh_connection& self(void* data);

bool is_control(unsigned char c) { return c < ' ' || c == 0x7f; }
// Of the bytes beyond ASCII some are control characters, to some terminals.
bool is_not_ascii_text(unsigned char c) { return c < ' ' || c > '~'; }

/// What clients and files say is no text to be trusted in a log.
std::string printable(std::string_view text, std::size_t longest, bool (*is_bad)(unsigned char)) {
    std::string result{text.substr(0, longest)};
    std::replace_if(result.begin(), result.end(), is_bad, '?');
    return result;
}

std::string name_of(ssh_key key, const authorized_key& entry) {
    const auto comment = printable(entry.comment, longest_comment, is_control);
    return fingerprint(key) + (comment.empty() ? "" : " " + comment);
}

void set(ssh_session session, ssh_options_e option, const char* value) {
    if (ssh_options_set(session, option, value) != SSH_OK) {
        throw error{"backdoor: libssh does not take an option: " +
                    std::string{ssh_get_error(session)}};
    }
}

}  // namespace

libssh_connection::libssh_connection(ssh_bind door, unique_fd& socket, key_ring& ring,
                                     std::string address)
    : ring_{ring}, address_{std::move(address)}, session_{ssh_new()} {
    // libssh asks poll() before it sends, and then sends all there is.
    const bool ready = session_ && fcntl(socket.get(), F_SETFL, O_NONBLOCK) == 0;
    const bool taken = ready && ssh_bind_accept_fd(door, session_.get(), socket.get()) == SSH_OK;
    if (session_ && ssh_get_fd(session_.get()) == socket.get()) {
        (void)socket.release();  // the session closes it
    }
    if (!taken) {
        throw error{"backdoor: libssh does not take a client: " +
                    std::string{ssh_get_error(door)}};
    }
    set(session_.get(), SSH_OPTIONS_COMPRESSION_C_S, "none");
    set(session_.get(), SSH_OPTIONS_COMPRESSION_S_C, "none");
    ssh_set_blocking(session_.get(), 0);
    ssh_set_counters(session_.get(), &received_, &packets_);
    ssh_set_auth_methods(session_.get(), SSH_AUTH_METHOD_PUBLICKEY);
    set_callbacks();
}

libssh_connection::~libssh_connection() {
    // To free a channel is to send, which may take packets, too, by which a client opens another.
    over_ = true;
    decltype(channels_){}.swap(channels_);
    if (event_) {
        ssh_event_remove_session(event_.get(), session_.get());
    }
    if (!broken_ && ssh_is_connected(session_.get()) != 0) {
        // It would send only what it knows to fit.
        ssh_set_fd_towrite(session_.get());
        ssh_disconnect(session_.get());
    }
}

namespace {

libssh_connection& self(void* data) { return *static_cast<libssh_connection*>(data); }

}  // namespace

void libssh_connection::set_callbacks() {
    callbacks_.userdata = this;
    callbacks_.auth_pubkey_function = [](ssh_session, const char*, ssh_key_struct* key, char state,
                                         void* data) {
        if (state != SSH_PUBLICKEY_STATE_NONE && state != SSH_PUBLICKEY_STATE_VALID) {
            return static_cast<int>(SSH_AUTH_DENIED);
        }
        return guarded(static_cast<int>(SSH_AUTH_DENIED), [&] {
            return self(data).judge(key, state == SSH_PUBLICKEY_STATE_VALID);
        });
    };
    callbacks_.channel_open_request_session_function = [](ssh_session, void* data) {
        return guarded(ssh_channel{nullptr}, [&] { return self(data).open_channel(); });
    };
    // Without an answer of ours libssh would look for the machine's Kerberos keys.
    callbacks_.gssapi_select_oid_function = [](ssh_session, const char*, int, ssh_string*, void*) {
        return ssh_string{nullptr};
    };
    ssh_callbacks_init(&callbacks_);
    ssh_set_server_callbacks(session_.get(), &callbacks_);
    // Called before what we have is said to a client, whose own list may have come together with its
    // greeting: libssh sends once for each time that the socket was found writable, and at a list with
    // which nothing can be agreed upon closes without what it has not sent.
    progress_.userdata = this;
    progress_.connect_status_function = [](void* data, float) { self(data).let_send(); };
    ssh_callbacks_init(&progress_);
    ssh_set_callbacks(session_.get(), &progress_);
}

// ---- the connection ---------------------------------------------------------------------------

void libssh_connection::step() {
    if (over_) {
        return;
    }
    if (!event_) {
        exchange_keys();
    } else if (ssh_event_dopoll(event_.get(), 0) == SSH_ERROR) {
        over_ = true;
    }
    check();
}

void libssh_connection::exchange_keys() {
    let_send();
    switch (ssh_handle_key_exchange(session_.get())) {
        case SSH_AGAIN:
            return;
        case SSH_OK:
            event_.reset(ssh_event_new());
            over_ = !event_ || ssh_event_add_session(event_.get(), session_.get()) != SSH_OK;
            return;
        default:
            over_ = true;
    }
}

void libssh_connection::let_send() {
    // The little that is said in the first exchange of keys fits; in a later one the socket may be full, to
    // which libssh's answer is to give up.
    if (!event_ && !is_blocked()) {
        ssh_set_fd_towrite(session_.get());
    }
}

void libssh_connection::check() {
    const bool floods = std::any_of(channels_.begin(), channels_.end(),
                                    [](const auto& one) { return one->floods(); });
    const bool untold = std::any_of(channels_.begin(), channels_.end(),
                                    [](const auto& one) { return one->is_closed_untold(); });
    decltype(channels_) gone;
    for (auto one = channels_.begin(); one != channels_.end();) {
        const auto next = std::next(one);
        if ((*one)->is_closed()) {
            gone.splice(gone.end(), channels_, one);
        }
        one = next;
    }
    const bool exceeds = !logged_in_ && (received_.in_bytes > most_bytes_before_login ||
                                         packets_.in_packets > most_packets_before_login);
    const bool unanswered = !logged_in_ && packets_.in_packets > packets_.out_packets +
                                                                     most_unanswered_before_login;
    if (unanswered && refusal_.empty()) {
        refusal_ = "it sends wrong signatures, or what needs no answer";
    }
    over_ = over_ || floods || untold || exceeds || unanswered || keys_refused_ >= most_keys ||
            ssh_is_connected(session_.get()) == 0;
}

std::vector<event> libssh_connection::take_events() { return std::exchange(events_, {}); }

bool libssh_connection::is_blocked() const {
    return !over_ && (ssh_get_status(session_.get()) & SSH_WRITE_PENDING) != 0;
}

// ---- who is it --------------------------------------------------------------------------------

int libssh_connection::judge(ssh_key key, bool is_proven) {
    const auto found = ring_.judge(key, address_);
    if (found.entry == nullptr) {
        ++keys_refused_;
        refusal_ += (refusal_.empty() ? "no authorized key: " : ", ") + fingerprint(key);
        if (!found.refusal.empty()) {
            refusal_ += " (" + found.refusal + ")";
        }
        return SSH_AUTH_DENIED;
    }
    if (is_proven) {
        allowed_ = {found.entry->terminal, found.entry->command};
        events_.emplace_back(logged_in{name_of(key, *found.entry)});
        logged_in_ = true;  // not without that it is told
    }
    return SSH_AUTH_SUCCESS;
}

std::string libssh_connection::refusal() const {
    if (!refusal_.empty()) {
        return printable(refusal_, longest_reason, is_not_ascii_text);
    }
    const std::string_view problem = ssh_get_error(session_.get());
    const bool just_left = problem.empty() || problem.starts_with("Socket error");
    return just_left ? "it showed no key" : printable(problem, longest_reason, is_not_ascii_text);
}

// ---- channels ---------------------------------------------------------------------------------

ssh_channel libssh_connection::open_channel() {
    // Those that only we have closed are still there.
    if (!logged_in_ || over_ || channels_.size() >= most_channels) {
        return nullptr;
    }
    channels_.push_back(
        std::make_unique<session_channel>(session_.get(), ++last_channel_, allowed_, events_));
    return channels_.back()->handle();
}

session_channel* libssh_connection::find(unsigned number) const {
    const auto found = std::find_if(channels_.begin(), channels_.end(), [&](const auto& one) {
        return one->number() == number && !one->is_closed();
    });
    return found != channels_.end() ? found->get() : nullptr;
}

std::size_t libssh_connection::read(unsigned channel, char* to, std::size_t size) {
    auto* const one = find(channel);
    return one != nullptr && !over_ ? one->read(to, size) : 0;
}

bool libssh_connection::has_ended(unsigned channel) const {
    const auto* const one = find(channel);
    return one == nullptr || one->has_ended();
}

std::size_t libssh_connection::write(unsigned channel, std::string_view bytes, bool is_error) {
    auto* const one = find(channel);
    if (one == nullptr || over_ || is_blocked()) {
        return 0;
    }
    const auto count = one->write(bytes, is_error);
    over_ = broken_ = !count;
    return count.value_or(0);
}

void libssh_connection::finish(unsigned channel, int status) {
    if (auto* const one = find(channel); one != nullptr && !over_) {
        one->finish(status);
    }
}

}  // namespace backdoor::ssh
