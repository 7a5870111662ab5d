#include "session/socket_waits.hpp"

#include "session/forked.hpp"

#include <backdoor/listener.hpp>

#include <cerrno>
#include <system_error>

namespace backdoor {

socket_waits::socket_waits(boost::asio::io_context& context) : all_{context} {
    unique_fd all{epoll_create1(EPOLL_CLOEXEC)};
    if (!all) {
        throw std::system_error{errno, std::generic_category(), "backdoor: epoll_create1"};
    }
    all_.assign(all.get());
    keep_from_children(all.release());
    listen();
}

socket_waits::~socket_waits() { is_closed_here(all_.native_handle()); }

void socket_waits::wait(int socket, std::uint32_t events, waiter& who) {
    epoll_event wanted{};
    wanted.events = events | EPOLLONESHOT;
    wanted.data.ptr = &who;
    const int all = all_.native_handle();
    if (epoll_ctl(all, EPOLL_CTL_MOD, socket, &wanted) != 0 &&
        (errno != ENOENT || epoll_ctl(all, EPOLL_CTL_ADD, socket, &wanted) != 0)) {
        throw std::system_error{errno, std::generic_category(), "backdoor: epoll_ctl"};
    }
}

void socket_waits::forget(int socket, const waiter& who) noexcept {
    // By hand: it would stay as long as a process we forked has the socket.
    epoll_ctl(all_.native_handle(), EPOLL_CTL_DEL, socket, nullptr);
    for (auto i = next_; i < end_; ++i) {
        if (ready_[i].data.ptr == &who) {
            ready_[i].data.ptr = nullptr;
        }
    }
}

void socket_waits::listen() {
    all_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    slot_handler{slot_, [this](const boost::system::error_code& failure) {
                                     if (!failure) {
                                         tell_waiters();
                                         listen();
                                     }
                                 }});
}

void socket_waits::tell_waiters() {
    const int count = epoll_wait(all_.native_handle(), ready_.data(),
                                 static_cast<int>(ready_.size()), 0);
    end_ = count > 0 ? static_cast<std::size_t>(count) : 0;
    for (next_ = 0; next_ < end_;) {
        const auto& one = ready_[next_++];
        if (one.data.ptr != nullptr) {
            const bool over = (one.events & (EPOLLERR | EPOLLHUP)) != 0;
            static_cast<waiter*>(one.data.ptr)
                ->on_ready(over || (one.events & EPOLLIN) != 0, over || (one.events & EPOLLOUT) != 0);
        }
    }
}

}  // namespace backdoor
