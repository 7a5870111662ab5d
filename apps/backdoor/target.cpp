#include "target.hpp"

#include "failure.hpp"

#include <algorithm>
#include <charconv>

namespace backdoor::client {

namespace {

bool is_number(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

[[noreturn]] void refuse(std::string_view given, const std::string& why) {
    throw failure{status::usage, "'" + std::string{given} + "' " + why};
}

target parse_tcp(std::string_view given) {
    const auto colon = given.rfind(':');
    auto host = given.substr(0, colon);
    const auto port = given.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        refuse(given, "has several colons; write [::1]:3000");
    }
    unsigned short number = 0;
    const auto* const end = port.data() + port.size();
    const auto [stop, problem] = std::from_chars(port.data(), end, number);
    if (problem != std::errc{} || stop != end || number == 0) {
        refuse(given, "has no port; write host:port, with a port from 1 to 65535");
    }
    return {target::kind::tcp, std::string{given},
            host.empty() ? "localhost" : std::string{host}, std::string{port}};
}

}  // namespace

target parse_target(std::string_view given) {
    constexpr std::string_view unix_prefix = "unix:";
    const bool named_unix = given.starts_with(unix_prefix);
    const auto rest = named_unix ? given.substr(unix_prefix.size()) : given;
    if (rest.empty()) {
        refuse(given, "names no console");
    }
    if (rest.starts_with('@') || rest.find('/') != std::string_view::npos) {
        return {target::kind::unix_socket, std::string{rest}};
    }
    if (!named_unix && rest.find(':') != std::string_view::npos) {
        return parse_tcp(rest);
    }
    return {!named_unix && is_number(rest) ? target::kind::process : target::kind::name,
            std::string{rest}};
}

}  // namespace backdoor::client
