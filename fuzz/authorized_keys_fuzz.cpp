// What must hold of any authorized_keys file, and of any list of addresses in one.

#include "ssh/address_pattern.hpp"
#include "ssh/authorized_keys.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace ssh = backdoor::ssh;

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void check(const ssh::authorized_key& key, std::size_t lines) {
    require(key.line >= 1 && key.line <= lines);
    require(!key.type.empty() && !key.blob.empty());
    // What decides is taken from within one line.
    for (const std::string_view part : {std::string_view{key.type}, std::string_view{key.blob}}) {
        require(part.find_first_of(" \t\n") == part.npos);
    }
    require(key.comment.find('\n') == std::string::npos);
    if (key.from) {
        (void)ssh::matches(*key.from, "192.0.2.7");
        require(!ssh::matches(*key.from + ",!*", "192.0.2.7"));
        require(!ssh::matches(*key.from + ",0.0.0.0/33", "192.0.2.7"));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(bytes), size};
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    const auto found = ssh::parse_authorized_keys(text);
    require(found.keys.size() + found.rejected.size() <= lines);
    std::size_t last = 0;
    for (const auto& key : found.keys) {
        require(key.line > last);
        last = key.line;
        check(key, lines);
    }
    for (const auto& line : found.rejected) {
        require(line.line >= 1 && line.line <= lines && !line.reason.empty());
    }
    // A line means the same wherever it stands.
    const auto again = ssh::parse_authorized_keys("# before\n" + std::string{text});
    require(again.keys.size() == found.keys.size() &&
            again.rejected.size() == found.rejected.size());

    const auto half = size / 2;
    const bool matched = ssh::matches(text.substr(0, half), text.substr(half));
    require(!matched || half != 0);
    return 0;
}
