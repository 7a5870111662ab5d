#include "session/address.hpp"

#include <charconv>
#include <system_error>

namespace backdoor {

error cannot_listen(std::string_view address, const std::string& why) {
    return error{"backdoor: cannot listen on " + std::string{address} + ": " + why};
}

host_and_port split_address(std::string_view address) {
    const auto colon = address.rfind(':');
    host_and_port parts;
    if (address.starts_with('[')) {
        const auto end = address.find(']');
        if (end == std::string_view::npos || colon != end + 1) {
            throw cannot_listen(address, "no address; write [::1]:3000");
        }
        parts = {std::string{address.substr(1, end - 1)}, std::string{address.substr(colon + 1)}};
    } else if (colon == std::string_view::npos) {
        parts = {"localhost", std::string{address}};
    } else {
        parts = {std::string{address.substr(0, colon)}, std::string{address.substr(colon + 1)}};
    }
    unsigned short number = 0;
    const auto* end = parts.port.data() + parts.port.size();
    const auto [stop, failure] = std::from_chars(parts.port.data(), end, number);
    if (failure != std::errc{} || stop != end) {
        throw cannot_listen(address,
                            "'" + parts.port + "' is no port; write host:port, with a port from 0 " +
                                "(any free one) to 65535, or a path with a slash for a unix socket");
    }
    return parts;
}

}  // namespace backdoor
