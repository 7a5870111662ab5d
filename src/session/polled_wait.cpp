#include "session/polled_wait.hpp"

#include "session/forked.hpp"

#include <algorithm>
#include <utility>

namespace backdoor {

polled_wait::polled_wait(channel& io, std::shared_ptr<waker> who)
    : io_{io}, who_{std::move(who)} {}

polled_wait::~polled_wait() {
    if (under_way_ == kind::none || in_forked_child()) {
        return;
    }
    const channel::lock guard{io_.mutex_};
    if (under_way_ == kind::read) {
        io_.forget_request();
    }
    end();
}

void polled_wait::begin(kind what) {
    if (std::exchange(under_way_, what) == kind::none) {
        ++io_.waiting_;
    }
}

void polled_wait::end() {
    if (under_way_ == kind::none) {
        return;
    }
    unwatch();
    if (std::exchange(under_way_, kind::none) == kind::read) {
        io_.leave_read();
    }
    --io_.waiting_;
    ++io_.waits_;
    std::erase(io_.wakers_, who_);
}

/// Woken, perhaps by the client's socket: takes what has come there. Where that is nothing for the console
/// the IO thread is to see to it.
bool polled_wait::receive() {
    if (!watches_ || io_.client_ == nullptr) {
        return false;
    }
    unwatch();
    may_watch_ = io_.input_.receive_from(*io_.client_);
    return may_watch_;
}

void polled_wait::wait_for_input() {
    if (io_.client_ == nullptr) {
        return;
    }
    const int socket = may_watch_ ? io_.socket_of_next_line() : -1;
    watches_ = socket >= 0 && who_->watch(socket);
    if (!watches_) {
        io_.client_->want_input();
    }
    io_.can_watch_ = true;
}

void polled_wait::unwatch() {
    if (std::exchange(watches_, false)) {
        who_->unwatch();
    }
}

std::optional<outcome> polled_wait::read_line(const reading& what, std::string& line) {
    if (in_forked_child()) {
        return outcome::closed;
    }
    const channel::lock guard{io_.mutex_};
    if (under_way_ == kind::none) {
        io_.begin_read(line);
        prompted_ = what.is_shown;
        may_watch_ = true;
        begin(kind::read);
    }
    while (!io_.try_to_read(what, line, prompted_)) {
        if (!receive()) {
            wait_for_input();
            io_.wake_at_change(who_);
            return std::nullopt;
        }
    }
    end();
    return io_.end_read(what, line);
}

std::optional<outcome> polled_wait::write(std::string_view& rest, sink to) {
    if (in_forked_child()) {
        return outcome::closed;
    }
    const channel::lock guard{io_.mutex_};
    if (under_way_ == kind::write && std::exchange(io_.interrupted_, false)) {
        end();
        return outcome::interrupted;
    }
    const auto result = io_.try_to_write(rest, to);
    if (result) {
        end();
    } else {
        begin(kind::write);
        io_.wake_at_change(who_);
    }
    return result;
}

}  // namespace backdoor
