// Handlers of one client's.
#pragma once

#include "session/session_memory.hpp"

#include <cstddef>
#include <memory>
#include <memory_resource>
#include <utility>

namespace backdoor {

/// A handler for Asio whose memory is a session's, and which concerns one client alone: what it throws goes to
/// the owner's guard(), which closes it, and is nobody else's business.
template <class Owner, class Handler>
class guarded_handler {
public:
    using allocator_type = std::pmr::polymorphic_allocator<std::byte>;

    guarded_handler(std::shared_ptr<Owner> owner, Handler handler)
        : owner_{std::move(owner)}, handler_{std::move(handler)} {}

    allocator_type get_allocator() const noexcept { return &session_memory::get(); }

    template <class... Args>
    void operator()(Args&&... args) noexcept {
        owner_->guard([&] { handler_(*owner_, std::forward<Args>(args)...); });
    }

private:
    std::shared_ptr<Owner> owner_;
    Handler handler_;
};

}  // namespace backdoor
