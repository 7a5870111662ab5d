// Where to listen, as people write it.
#pragma once

#include <backdoor/error.hpp>

#include <string>
#include <string_view>

namespace backdoor {

struct host_and_port {
    std::string host;
    std::string port;
};

/// Of "localhost:3000", "[::1]:3000" or "3000", which is on localhost. Throws error.
host_and_port split_address(std::string_view address);

/// What listen() throws.
error cannot_listen(std::string_view address, const std::string& why);

}  // namespace backdoor
