// A C++ object: where it is and what it is. And what can be read of it.
#pragma once

#include "reflect/memory.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace backdoor::reflect {

struct type;

struct object {
    const type* of = nullptr;
    address at = 0;
    unsigned bit_size = 0;  ///< 0: no bit-field
    unsigned bit_offset = 0;
};

/// How an object is looked at where it is more than a value.
enum class shape {
    record,     ///< has members
    pointer,    ///< to something else
    sequence,   ///< elements by number
    elements,   ///< elements in an order of their own: a set, a list
    mapping,    ///< elements by key
};

/// An object that is looked at in its turn.
struct view {
    object what;
    shape as;
};

/// An integer of 128 bits.
struct wide_integer {
    bool is_negative;
    std::uint64_t high;  ///< of the magnitude
    std::uint64_t low;
};

struct enumerated {
    const type* of;
    std::int64_t number;
    std::string name;  ///< empty: no enumerator has that number
};

/// std::chrono: count * numerator / denominator seconds, for a point of the system's clock since 1970.
struct time_span {
    std::int64_t count;
    std::int64_t numerator;
    std::int64_t denominator;
    bool is_date;
};

/// A pointer to a function, or a callable, by the name of what it calls.
struct callee {
    std::string name;
    address at;
};

struct raw_bytes {
    std::string bytes;
};

/// A pair, a tuple.
struct group {
    std::vector<object> parts;
};

/// What an object holds; std::monostate is a null pointer, an empty optional.
using content = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string,
                             wide_integer, raw_bytes, enumerated, time_span, callee, group, view>;

}  // namespace backdoor::reflect
