#include <backdoor/server.hpp>

#include "console/engine.hpp"
#include "session/acceptor.hpp"
#include "session/best_effort.hpp"
#include "session/errand.hpp"
#include "session/io_thread.hpp"
#include "session/lone_session.hpp"
#include "session/session_group.hpp"

#include <boost/asio/post.hpp>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace backdoor {

namespace {

void without_gil(const std::function<void()>& wait) {
    if (auto* python = loaded_engine()) {
        python->without_gil(wait);
    } else {
        wait();
    }
}

}  // namespace

class server::implementation {
public:
    implementation(listener socket, locals names, options choices)
        : address_{socket.address()}, port_{socket.port()}, io_{io_thread::get()} {
        check_engine();
        if (choices.preload) {
            get_engine().start();
        }
        group_ = std::make_shared<session_group>(*io_, std::move(names), std::move(choices),
                                                 address_);
        const auto accepting = std::make_shared<acceptor>(group_, std::move(socket));
        closing_ = std::make_shared<errand>([accepting, group = group_] {
            accepting->close();
            group->close();
        });
        forgetting_ = std::make_shared<errand>([accepting, group = group_] {});
        group_->log("backdoor server listening on " + address_);
        boost::asio::post(io_->context(), [accepting] { accepting->start(); });
    }

    ~implementation() { stop(); }

    void stop() {
        const std::lock_guard guard{stopping_};
        if (!io_) {
            return;
        }
        // Not in_forked_child(): a child with a server of its own is none any more.
        if (getpid() != process_) {
            leave_to_parent();
            return;
        }
        without_gil([this] {
            const auto limit = group_->choices().shutdown_limit;
            const auto began = clock::now();
            const bool is_over = io_->has_lost_descriptors();
            if (!closing_->run(*io_, is_over ? std::chrono::milliseconds::zero() : io_patience)) {
                // Should it ever go on, it finds this to do, too.
                (void)forgetting_->run(*io_, std::chrono::milliseconds::zero());
                leave_behind();
                io_.reset();
                return;
            }
            const auto left = began + limit - clock::now();
            group_->wait_for_consoles(std::chrono::ceil<std::chrono::milliseconds>(
                std::max(left, clock::duration::zero())));
            group_->detach();
            // Behind the handlers that closing has cancelled: nothing of ours is left queued.
            if (!forgetting_->run(*io_)) {
                leave_behind();
            }
            io_.reset();
        });
    }

    const std::string& address() const { return address_; }
    unsigned short port() const { return port_; }

private:
    using clock = std::chrono::steady_clock;

    void leave_behind() noexcept {
        io_thread::leave_behind(io_);
        if (io_->has_lost_descriptors()) {
            return;  // and has said so
        }
        best_effort([this] {
            group_->log_unless_it_hangs(
                "backdoor: the IO thread does not answer, and is left behind with the clients of " +
                address_ + ": a log or audit function has not returned, or the process has closed "
                           "descriptors that are not its own");
        });
    }

    /// The sockets, and the path of a unix socket, are the parent's; its threads are not here. What
    /// holds them is never destroyed in this process.
    void leave_to_parent() {
        new auto{std::move(io_)};
        new auto{std::move(group_)};
        new auto{std::move(closing_)};
        new auto{std::move(forgetting_)};
    }

    std::string address_;
    unsigned short port_;
    const pid_t process_ = getpid();
    std::mutex stopping_;
    std::shared_ptr<io_thread> io_;
    std::shared_ptr<session_group> group_;
    std::shared_ptr<errand> closing_;
    std::shared_ptr<errand> forgetting_;  // then: what only the IO thread may let go of
};

server::server(std::string_view address, locals names, options choices)
    : server{listen(address, choices), std::move(names), std::move(choices)} {}

server::server(listener socket, locals names, options choices)
    : implementation_{std::make_unique<implementation>(std::move(socket), std::move(names),
                                                       std::move(choices))} {}

server::server(server&&) noexcept = default;
server& server::operator=(server&&) noexcept = default;
server::~server() = default;

const std::string& server::address() const { return implementation_->address(); }
unsigned short server::port() const { return implementation_->port(); }
void server::stop() {
    if (implementation_) {
        implementation_->stop();
    }
}

// ---- the seed's functions ---------------------------------------------------------------------

void detail::backdoor_server_function::operator()(std::stop_token stop, listener socket,
                                                  locals names, options choices) const {
    const server door{std::move(socket), std::move(names), std::move(choices)};
    without_gil([&] {
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock guard{mutex};
        stopped.wait(guard, stop, [] { return false; });
    });
}

void detail::backdoor_server_function::operator()(listener socket, locals names,
                                                  options choices) const {
    // A token of a source that nobody asks: for ever.
    const std::stop_source never;
    (*this)(never.get_token(), std::move(socket), std::move(names), std::move(choices));
}

void backdoor(connection client, locals names, options choices) {
    start_lone_session(std::move(client), std::move(names), std::move(choices), {});
}

}  // namespace backdoor
