// How a session greets its client, and asks it for a token.
#include "session/session.hpp"

#include <exception>
#include <string>

namespace backdoor {

namespace {

// How long a client with a wrong token waits to be told so.
constexpr std::chrono::seconds wrong_login_delay{1};

}  // namespace

void session::start() {
    const auto& choices = group_->choices();
    if (choices.token.empty()) {
        greet();
        return;
    }
    login_.emplace(choices.token);
    channel_->tell("token: ");
    call_later(choices.login_limit, &session::refuse_late_login);
    wait_for_input();
}

void session::greet() {
    look_for_telnet();
    try {
        channel_->tell(group_->opening());
    } catch (const std::exception& failure) {
        channel_->tell(std::string{failure.what()} + "\n");
        group_->log("backdoor failed for " + trail_->known_as() + ": " + failure.what());
        finish();
        return;
    }
    wait_for_input();
}

bool session::log_in(std::string_view& bytes) {
    switch (login_->receive(bytes)) {
        case token_check::verdict::more:
            return false;
        case token_check::verdict::wrong:
            input_over_ = true;
            group_->refuse(*trail_, "wrong token");
            delayed_ = group_->may_delay();
            if (delayed_) {
                call_later(wrong_login_delay, &session::close_wrong_login);
            } else {
                close();
            }
            return false;
        case token_check::verdict::right:
            break;
    }
    login_.reset();
    timer_.reset();
    if (const auto failure = group_->note(*trail_, audit_event::kind::login, "token");
        !failure.empty()) {
        input_over_ = true;
        dismiss(failure);
        return false;
    }
    if (!frames_) {
        greet();
    }
    return socket_ && !finishing_;
}

void session::refuse_late_login() {
    const auto reason = "no token came within " +
                        std::to_string(group_->choices().login_limit.count()) +
                        " ms (options.login_limit)";
    group_->refuse(*trail_, reason);
    channel_->tell("\nbackdoor: " + reason + "\n", sink::error);
    close();
}

void session::close_wrong_login() {
    channel_->tell("backdoor: wrong token\n", sink::error);
    close();
}

}  // namespace backdoor
