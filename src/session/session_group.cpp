#include "session/session_group.hpp"

#include "session/best_effort.hpp"
#include "session/io_thread.hpp"
#include "session/session.hpp"
#include "session/session_memory.hpp"
#include "session/standard_output.hpp"
#include "session/threads.hpp"
#include "session/token_check.hpp"

#include <backdoor/error.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace backdoor {

using namespace std::chrono_literals;

namespace {

// Clients with a wrong token that wait to be told so.
constexpr std::size_t most_delayed = 100;

bool write_line(const std::function<void(std::string_view)>& log, std::string_view line) {
    if (!log) {
        return standard_output::get().write(line);
    }
    log(line);
    return true;
}

/// Best effort: a client that is turned away gets the reason, if it fits into its socket at once.
void turn_away(const connection& client, std::string_view reason) {
    const auto text = "backdoor: " + std::string{reason} + "\n";
    (void)!send(client.fd(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace

session_group::session_group(io_thread& io, locals names, options choices, std::string address)
    : choices_{std::move(choices)},
      names_{std::move(names)},
      signal_mask_{current_signal_mask()},
      guests_{guests(choices_)},
      audit_{std::make_shared<audit_log>(choices_, std::move(address),
                                         [log = choices_.log](std::string_view line) {
                                             best_effort([&] { write_line(log, line); });
                                         })},
      front_{make_front(*this)},
      io_{&io} {
    if (!choices_.token.empty()) {
        token_check::require_usable(choices_.token);
    }
    if (const auto failure = audit_->record({.what = audit_event::kind::listen}); !failure.empty()) {
        throw error{"backdoor: " + failure};
    }
}

std::string session_group::note(const audit_trail& trail, audit_event::kind what,
                                std::string_view text) {
    const auto failure = trail.record(what, text);
    if (auto* python = running_engine()) {
        python->announce(name_of(what), trail, text);
    }
    return failure;
}

void session_group::log(std::string_view line) const noexcept {
    ++logging_;
    best_effort([&] {
        if (write_line(choices_.log, line)) {
            return;
        }
        const std::lock_guard guard{mutex_};
        if (io_ != nullptr) {
            io_->attend_to_standard_output();
        }
    });
    --logging_;
}

void session_group::log_unless_it_hangs(std::string_view line) const noexcept {
    if (logging_ == 0) {
        log(line);
    } else {
        best_effort([&] { standard_output::get().write(line); });
    }
}

std::string session_group::reason_to_refuse(const visitor& who) const {
    if (closed_) {
        return "the server stops";
    }
    if (auto reason = refusal(who, guests_); !reason.empty()) {
        return reason;
    }
    const auto too_many = [](const char* name, std::size_t limit) {
        return "too many connections (options." + std::string{name} + " is " +
               std::to_string(limit) + "), try again later";
    };
    if (sessions_.size() >= choices_.max_connections) {
        return too_many("max_connections", choices_.max_connections);
    }
    const auto same = per_origin_.find(who.origin);
    if (same != per_origin_.end() && same->second >= choices_.max_connections_per_peer) {
        return too_many("max_connections_per_peer", choices_.max_connections_per_peer);
    }
    return {};
}

void session_group::watch_limits() {
    using std::chrono::milliseconds;
    auto shortest = milliseconds::max();
    for (const auto limit : {choices_.idle_limit, choices_.output_stall}) {
        if (limit > limit.zero()) {
            shortest = std::min(shortest, limit);
        }
    }
    if (shortest == milliseconds::max()) {
        return;
    }
    // A limit is kept to a quarter of itself.
    limits_interval_ = std::clamp<milliseconds>(shortest / 4, 10ms, 10s);
    limits_timer_ = std::make_unique<boost::asio::steady_timer>(io_->context());
    wait_to_check_limits();
}

void session_group::wait_to_check_limits() {
    limits_timer_->expires_after(limits_interval_);
    limits_timer_->async_wait(slot_handler{
        limits_slot_, [self = shared_from_this()](const boost::system::error_code& cancelled) {
            if (cancelled || self->sessions_.empty()) {
                return;
            }
            self->wait_to_check_limits();
            const auto now = std::chrono::steady_clock::now();
            self->for_each([&](session& one) { one.guard([&] { one.check_limits(now); }); });
        }});
}

bool session_group::may_delay() {
    if (delayed_ >= most_delayed) {
        return false;
    }
    ++delayed_;
    return true;
}

std::shared_ptr<audit_trail> session_group::make_trail(const std::string& peer,
                                                       const visitor& who) const {
    return std::allocate_shared<audit_trail>(
        std::pmr::polymorphic_allocator<audit_trail>{&session_memory::get()}, audit_, peer,
        who.name(), who.proven.empty() ? std::string{} : peer + " (" + who.proven + ")");
}

void session_group::refuse(const audit_trail& trail, const std::string& reason) {
    log("backdoor refused " + trail.known_as() + ": " + reason);
    (void)note(trail, audit_event::kind::refuse, reason);
}

void session_group::refuse(const std::string& peer, const visitor& who,
                           const std::string& reason) {
    refuse(*make_trail(peer, who), reason);
}

std::string session_group::welcome(const std::string& peer, const visitor& who) {
    const auto trail = make_trail(peer, who);
    auto failure = note(*trail, audit_event::kind::login, who.proven);
    if (failure.empty()) {
        log("backdoor let in " + trail->known_as());
    }
    return failure;
}

void session_group::admit(unique_fd client) noexcept {
    best_effort([&] {
        try {
            admit(connection{std::move(client)});
        } catch (const error&) {
            // Gone again, before it could be asked its name.
        }
    });
}

void session_group::admit(connection client) noexcept {
    try {
        if (front_ && !is_unix(client.fd())) {
            front_->receive(std::move(client));
        } else {
            const auto who = identify(client.fd());
            admit(std::move(client), who);
        }
    } catch (const std::exception& failure) {
        best_effort([&] { turn_away(client, failure.what()); });
        best_effort([&] { log("backdoor failed for " + client.peer() + ": " + failure.what()); });
    }
}

std::shared_ptr<session> session_group::admit(connection client, const visitor& who) noexcept {
    try {
        const std::string peer = client.peer();
        const auto trail = make_trail(peer, who);
        auto reason = reason_to_refuse(who);
        if (reason.empty()) {
            reason = note(*trail, audit_event::kind::connect);
        }
        if (reason.empty() && !who.proven.empty() && !who.is_recorded) {
            reason = note(*trail, audit_event::kind::login, who.proven);
        }
        if (!reason.empty()) {
            turn_away(client, reason);
            refuse(*trail, reason);
            return nullptr;
        }
        const auto one = std::allocate_shared<session>(
            std::pmr::polymorphic_allocator<session>{&session_memory::get()}, shared_from_this(),
            std::move(client), who, trail);
        auto& of_this_origin = per_origin_[one->origin()];
        sessions_.insert(one);
        ++of_this_origin;
        one->guard([&] {
            io_->groups().insert(this);
            if (!limits_timer_) {
                watch_limits();
            }
            log(trail->known_as().empty() ? "backdoor opened" : "backdoor to " + trail->known_as());
            one->start();
        });
        return one;
    } catch (const std::exception& failure) {
        best_effort([&] { turn_away(client, failure.what()); });
        best_effort([&] { log("backdoor failed for " + client.peer() + ": " + failure.what()); });
        return nullptr;
    }
}

void session_group::remove(const std::shared_ptr<session>& gone) noexcept {
    if (sessions_.erase(gone) == 0) {
        return;
    }
    if (const auto place = per_origin_.find(gone->origin()); --place->second == 0) {
        per_origin_.erase(place);
    }
    if (!sessions_.empty()) {
        return;
    }
    limits_timer_.reset();
    // An empty set still has its table, and that would keep the pool from being given back.
    decltype(sessions_){&session_memory::get()}.swap(sessions_);
    io_->groups().erase(this);
    front_emptied();
}

void session_group::front_emptied() noexcept {
    if (on_empty_ && empty()) {
        best_effort([this] { std::exchange(on_empty_, {})(); });
    }
}

user_history& session_group::history(const std::string& user) {
    return io_->histories().of(user, choices_.history_file,
                               [this](std::string_view line) { log(line); });
}

const std::string& session_group::opening() {
    if (opening_.empty()) {
        opening_ = (choices_.banner.empty() ? get_engine().banner() : choices_.banner) + ">>> ";
    }
    return opening_;
}

std::shared_ptr<console> session_group::open_console(
    std::shared_ptr<channel> io, const std::shared_ptr<session>& client) {
    auto& python = get_engine();
    if (!name_source_) {
        name_source_ = python.make_names(names_, choices_);
    }
    {
        const std::lock_guard guard{mutex_};
        ++consoles_;
    }
    try {
        return python.open({std::move(io), client->trail(), name_source_, choices_.command_limit,
                            choices_.slow_command, choices_.hub, choices_.stall_limit,
                            choices_.time_slice, choices_.editor_wait / 2, choices_.shutdown_limit,
                            signal_mask_,
                            [self = shared_from_this(), client = std::weak_ptr{client}](int status) {
                                self->console_finished(client, status);
                            }});
    } catch (...) {
        const std::lock_guard guard{mutex_};
        --consoles_;
        throw;
    }
}

void session_group::console_finished(const std::weak_ptr<session>& client, int status) {
    const std::lock_guard guard{mutex_};
    --consoles_;
    console_ended_.notify_all();
    if (io_ != nullptr) {
        if (const auto one = client.lock()) {
            one->want_finish(status);
        }
    }
}

void session_group::close() noexcept {
    closed_ = true;
    while (!sessions_.empty()) {
        const auto one = *sessions_.begin();
        one->close();
    }
    if (front_) {
        front_->close();
    }
    best_effort([this] { (void)audit_->record({.what = audit_event::kind::stop}); });
}

bool session_group::wait_for_consoles(std::chrono::milliseconds limit) {
    std::unique_lock guard{mutex_};
    return console_ended_.wait_for(guard, limit, [&] { return consoles_ == 0; });
}

void session_group::detach() {
    const std::lock_guard guard{mutex_};
    io_ = nullptr;
}

}  // namespace backdoor
