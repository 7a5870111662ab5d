// The addresses that a key may come from.
#pragma once

#include <string_view>

namespace backdoor::ssh {

/// Whether `address` ("192.0.2.7", "2001:db8::7") is among `patterns`: addresses with the wildcards
/// * and ?, or networks (192.0.2.0/24), separated by commas; one behind a ! excludes what it matches,
/// whatever else does, and a network that is none excludes all. Names of hosts match nothing: nobody
/// is asked for them. An IPv4 address in IPv6's clothes (::ffff:192.0.2.7) is the IPv4 address.
bool matches(std::string_view patterns, std::string_view address);

}  // namespace backdoor::ssh
