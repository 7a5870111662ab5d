#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "telnet/codec.hpp"

// The notation of the golden transcripts, for all tests: bytes in hexadecimal, events in words.

namespace backdoor::telnet::test {

using lines = std::vector<std::string>;

// "FF FB 01" to three bytes and back.
std::string hex(std::string_view digits);
std::string to_hex(std::string_view bytes);

// With \n, \r, \t, \", \\ and \xHH.
std::string quote(std::string_view bytes);
std::string unquote(std::string_view quoted);

// Joins data that came in pieces.
std::vector<event> join(const std::vector<event>& events);

// One line for each event, after join().
lines describe(const std::vector<event>& events);

}  // namespace backdoor::telnet::test
