// What a client says first, if it is no client for a console.
#pragma once

#include <string_view>

namespace backdoor {

/// The name of the protocol that a first line, or the bytes that came before its end, belong to,
/// where that is none for a prompt: HTTP (a web page can make its visitor's browser post lines of its
/// choice to localhost) and what else another program can be talked into speaking, TLS, SSH,
/// anything binary. Empty where it may be Python. None of what it names could be Python that does
/// anything.
std::string_view foreign_protocol(std::string_view first_line);

/// A line that begins so, and has not been seen to its end, may be that of an HTTP request.
bool may_be_request(std::string_view beginning);

}  // namespace backdoor
