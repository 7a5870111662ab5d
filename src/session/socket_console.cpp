#include <backdoor/console.hpp>

#include "console/engine.hpp"
#include "session/lone_session.hpp"
#include "session/threads.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace backdoor {

namespace {

/// Ends a body that is switched out, when its console is destroyed.
struct console_destroyed {};

value by_the_rules(arguments given) {
    if (given.positional.empty() && given.keywords.empty()) {
        return {};
    }
    if (given.positional.size() == 1 && given.keywords.empty()) {
        return std::move(given.positional.front());
    }
    dict keywords;
    for (auto& [name, item] : given.keywords) {
        keywords.emplace_back(value{name}, std::move(item));
    }
    return tuple{{value{tuple{std::move(given.positional)}}, value{std::move(keywords)}}};
}

/// The interactive interpreter: runs elsewhere, and hands back until its client has left.
class interactive {
public:
    interactive(connection client, locals names, options choices)
        : client_{std::move(client)}, names_{std::move(names)}, choices_{std::move(choices)} {}

    value operator()(SocketConsole& self, const std::function<void()>& left) {
        const closer close{start_lone_session(std::move(client_), std::move(names_),
                                              std::move(choices_), left)};
        for (;;) {
            self.switch_back();
        }
    }

private:
    struct closer {
        std::function<void()> close;
        ~closer() { close(); }
    };

    connection client_;
    locals names_;
    options choices_;
};

}  // namespace

class SocketConsole::implementation {
public:
    explicit implementation(body run) : run_{std::move(run)} {}

    /// Ends the body and waits for it.
    void end() {
        without_gil([this] {
            std::unique_lock guard{mutex_};
            ending_ = true;
            changed_.notify_all();
            changed_.wait(guard,
                          [this] { return state_ == state::fresh || state_ == state::dead; });
        });
    }

    value switch_to(SocketConsole& self, arguments given) {
        std::unique_lock guard{mutex_};
        if (state_ == state::dead || is_current()) {
            return by_the_rules(std::move(given));
        }
        value result;
        guard.unlock();
        without_gil([&] { result = enter(self, std::move(given)); });
        return result;
    }

    value switch_back(arguments given) {
        std::unique_lock guard{mutex_};
        handed_back_ = by_the_rules(std::move(given));
        state_ = state::switched_out;
        changed_.notify_all();
        changed_.wait(guard, [this] { return state_ == state::running || ending_; });
        if (ending_) {
            throw console_destroyed{};
        }
        return by_the_rules(std::move(brought_));
    }

    /// The body is to end the next time it is, or would be, switched out.
    void leave() {
        const std::lock_guard guard{mutex_};
        ending_ = true;
        changed_.notify_all();
    }

    bool dead() const {
        const std::lock_guard guard{mutex_};
        return state_ == state::dead;
    }

private:
    enum class state { fresh, running, switched_out, dead };

    static void without_gil(const std::function<void()>& wait) {
        if (auto* python = loaded_engine()) {
            python->without_gil(wait);
        } else {
            wait();
        }
    }

    bool is_current() const { return thread_ == std::this_thread::get_id(); }

    value enter(SocketConsole& self, arguments given) {
        const std::lock_guard alone{callers_};
        std::unique_lock guard{mutex_};
        switch (state_) {
            case state::fresh:
                start(self, std::move(given));
                break;
            case state::switched_out:
                brought_ = std::move(given);
                state_ = state::running;
                changed_.notify_all();
                break;
            default:
                return by_the_rules(std::move(given));
        }
        changed_.wait(guard, [this] { return state_ != state::running; });
        if (failure_) {
            std::rethrow_exception(std::exchange(failure_, nullptr));
        }
        return std::exchange(handed_back_, {});
    }

    void start(SocketConsole& self, arguments given) {
        start_thread("backdoor-switch", current_signal_mask(),
                     [this, &self, given = std::move(given)] { run(self, given); });
        state_ = state::running;
    }

    void run(SocketConsole& self, const arguments& given) {
        {
            // Until start() has let go.
            const std::lock_guard guard{mutex_};
            thread_ = std::this_thread::get_id();
        }
        value result;
        std::exception_ptr failure;
        try {
            result = run_(self, given);
        } catch (const console_destroyed&) {
            // As asked.
        } catch (...) {
            failure = std::current_exception();
        }
        const std::lock_guard guard{mutex_};
        handed_back_ = std::move(result);
        failure_ = std::move(failure);  // no count of it is left to this thread
        thread_ = {};
        state_ = state::dead;
        changed_.notify_all();
    }

    const body run_;
    std::mutex callers_;  // held from entering until control is handed back
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    state state_ = state::fresh;
    bool ending_ = false;
    std::thread::id thread_;
    arguments brought_;
    value handed_back_;
    std::exception_ptr failure_;
};

SocketConsole::SocketConsole(connection client, locals names, options choices) {
    check_engine();
    auto interpreter = std::make_shared<interactive>(std::move(client), std::move(names),
                                                     std::move(choices));
    implementation_ = std::make_shared<implementation>(
        [interpreter](SocketConsole& self, const arguments&) {
            // Called when the client has left, which may be after our end.
            return (*interpreter)(self, [weak = std::weak_ptr{self.implementation_}] {
                if (const auto still_there = weak.lock()) {
                    still_there->leave();
                }
            });
        });
}

SocketConsole::SocketConsole(body run)
    : implementation_{std::make_shared<implementation>(std::move(run))} {}

SocketConsole::~SocketConsole() { implementation_->end(); }

value SocketConsole::switch_to(arguments given) {
    return implementation_->switch_to(*this, std::move(given));
}

value SocketConsole::switch_back(arguments given) {
    return implementation_->switch_back(std::move(given));
}

bool SocketConsole::dead() const { return implementation_->dead(); }

}  // namespace backdoor
