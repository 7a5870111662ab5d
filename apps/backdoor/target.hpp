// Where a console is, as the command line says it.
#pragma once

#include <string>
#include <string_view>

namespace backdoor::client {

struct target {
    enum class kind {
        unix_socket,  ///< path; "@name" is an abstract one
        tcp,          ///< host and port
        process,      ///< the name is a process's number
        name,         ///< of a program, or of a socket in one of the places for them
    };

    target::kind what = kind::name;
    std::string name;  ///< as it was given, without "unix:" before it
    std::string host{};
    std::string port{};
    bool operator==(const target&) const = default;
};

/// Throws failure where it is none of these.
target parse_target(std::string_view given);

}  // namespace backdoor::client
