// The bytes between the client and a console.
#pragma once

#include "descriptor.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace backdoor::client {

/// A connected socket, which does not block.
class stream {
public:
    explicit stream(descriptor socket) : socket_{std::move(socket)} {}
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;
    virtual ~stream() = default;

    /// To wait for, until it can be read or written.
    int fd() const { return socket_.get(); }

    /// How many were taken, 0 where it is to be waited for. Nothing where they cannot be sent any
    /// more: receive() says why, behind what was said last.
    virtual std::optional<std::size_t> send(std::string_view bytes);

    /// How many have come; 0: no more will. Nothing where it is to be waited for. Throws failure where
    /// there is a reason to be told.
    virtual std::optional<std::size_t> receive(std::span<char> buffer);

private:
    descriptor socket_;
};

}  // namespace backdoor::client
