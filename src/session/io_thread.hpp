// The process's one IO thread.
#pragma once

#include "session/handler_slot.hpp"
#include "session/socket_waits.hpp"
#include "session/threads.hpp"
#include "session/user_history.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_set>

namespace backdoor {

class session;
class session_group;

/// Runs every server's and session's network side. It blocks all signals, never takes the GIL, and
/// never waits for a console or for the host. Its last owner must not be one of its own handlers.
class io_thread {
public:
    /// The running one, or a new one: it lives as long as somebody holds it. Who lets go of it last
    /// waits for its end, at most io_patience; then it is left behind.
    static std::shared_ptr<io_thread> get();
    /// The running one, or null.
    static std::shared_ptr<io_thread> running();
    /// It does not answer: it stays as it is, with all that it has, and others get a new one. Needs
    /// no memory.
    static void leave_behind(const std::shared_ptr<io_thread>& stuck) noexcept;
    /// From any thread: it has found that its descriptors are gone, has told everybody, and has ended. It is left
    /// behind.
    bool has_lost_descriptors() const { return has_lost_descriptors_; }

    io_thread();
    io_thread(const io_thread&) = delete;
    io_thread& operator=(const io_thread&) = delete;

    boost::asio::io_context& context() { return context_; }

    /// On the IO thread: where bytes are received before they are decoded. One for all sessions,
    /// so that an idle one costs none.
    std::array<char, 64 * 1024>& receive_buffer() { return receive_buffer_; }

    /// On the IO thread: where sessions wait for their clients.
    socket_waits& sockets() { return sockets_; }

    /// On the IO thread: those that have sessions.
    std::set<session_group*>& groups() { return groups_; }

    /// On the IO thread: those of servers.
    std::set<session_group*>& listening() { return listening_; }

    /// On the IO thread: what was typed at terminals.
    user_histories& histories() { return histories_; }

    /// On the IO thread: sends this session's gathered output every few milliseconds until its
    /// console waits for input.
    void attend(std::shared_ptr<session> busy);

    /// From any thread: standard output has been given more than it takes now.
    void attend_to_standard_output() noexcept;

private:
    static void let_go(io_thread* last);
    /// False where it has not ended in time.
    bool end();
    void run() noexcept;
    void serve();
    void lose_descriptors();
    void flush_soon();
    void flush_log_soon();

    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    socket_waits sockets_;
    boost::asio::steady_timer flush_timer_;
    wait_slot flush_slot_;
    bool flush_pending_ = false;
    boost::asio::steady_timer log_timer_;
    std::atomic<bool> log_pending_{false};
    std::unordered_set<std::shared_ptr<session>> busy_;
    std::set<session_group*> groups_;
    std::set<session_group*> listening_;
    user_histories histories_;
    std::array<char, 64 * 1024> receive_buffer_;
    std::shared_ptr<io_thread> left_behind_;  // itself, then, for ever
    std::atomic<bool> has_lost_descriptors_{false};
    std::mutex ending_;
    std::condition_variable ended_;
    bool has_ended_ = false;
    joined_thread thread_;  // the first member to go
};

}  // namespace backdoor
