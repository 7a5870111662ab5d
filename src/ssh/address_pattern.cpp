#include "ssh/address_pattern.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>

namespace backdoor::ssh {

namespace {

struct ip_address {
    int family = AF_INET;
    std::array<unsigned char, 16> bytes{};

    std::size_t bits() const { return family == AF_INET ? 32 : 128; }
};

std::optional<ip_address> parse_address(std::string_view text) {
    const std::string copy{text};
    ip_address found;
    if (inet_pton(AF_INET, copy.c_str(), found.bytes.data()) == 1) {
        return found;
    }
    found.family = AF_INET6;
    if (inet_pton(AF_INET6, copy.c_str(), found.bytes.data()) == 1) {
        return found;
    }
    return std::nullopt;
}

bool is_within(const ip_address& address, const ip_address& network, std::size_t bits) {
    for (std::size_t bit = 0; bit < bits; ++bit) {
        const auto mask = 0x80U >> bit % 8;
        if (((address.bytes[bit / 8] ^ network.bytes[bit / 8]) & mask) != 0) {
            return false;
        }
    }
    return address.family == network.family;
}

/// None where that is no network.
std::optional<bool> matches_network(std::string_view network, std::string_view address) {
    const auto slash = network.find('/');
    const auto base = parse_address(network.substr(0, slash));
    const auto size = network.substr(slash + 1);
    std::size_t bits = 0;
    const auto [stop, failure] = std::from_chars(size.data(), size.data() + size.size(), bits);
    if (!base || failure != std::errc{} || stop != size.data() + size.size() ||
        bits > base->bits()) {
        return std::nullopt;
    }
    const auto given = parse_address(address);
    return given && is_within(*given, *base, bits);
}

/// In time that grows with the product of both, whatever the pattern.
bool matches_wildcards(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = pattern.npos;  // the last one, and what it stands for ends at:
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != pattern.npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(p), pattern.end(),
                       [](char c) { return c == '*'; });
}

std::optional<bool> matches_one(std::string_view pattern, std::string_view address) {
    if (pattern.find('/') != pattern.npos) {
        return matches_network(pattern, address);
    }
    // An IPv6 address has several spellings.
    const auto exact = parse_address(pattern);
    const auto given = parse_address(address);
    return exact && given ? is_within(*given, *exact, exact->bits())
                          : matches_wildcards(pattern, address);
}

std::string_view without_mapping(std::string_view address) {
    constexpr std::string_view mapped = "::ffff:";
    return address.starts_with(mapped) && address.find('.') != address.npos
               ? address.substr(mapped.size())
               : address;
}

}  // namespace

bool matches(std::string_view patterns, std::string_view address) {
    address = without_mapping(address);
    bool matched = false;
    while (!patterns.empty()) {
        const auto end = std::min(patterns.find(','), patterns.size());
        auto one = patterns.substr(0, end);
        patterns.remove_prefix(std::min(end + 1, patterns.size()));
        const bool excludes = one.starts_with('!');
        one.remove_prefix(excludes ? 1 : 0);
        const auto found = matches_one(one, address);
        if (!found || (*found && excludes)) {
            return false;
        }
        matched = matched || *found;
    }
    return matched;
}

}  // namespace backdoor::ssh
