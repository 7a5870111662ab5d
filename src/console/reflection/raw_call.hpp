// Calls a function whose type nobody knew when this was compiled.
#pragma once

#include "reflect/reflection.hpp"

#include <string>
#include <vector>

namespace backdoor {

/// How many arguments go in registers, of whole numbers and pointers, and of floating point.
inline constexpr std::size_t most_whole = 6;
inline constexpr std::size_t most_real = 8;

struct call_result {
    std::uint64_t bits = 0;
    std::string thrown;  ///< what it threw; empty: it returned
};

/// Throws std::invalid_argument for more than go in registers, and where the machine's way to call is not
/// known. What is called runs on this thread, for as long as it likes.
call_result raw_call(reflect::address function, const std::vector<reflect::in_register>& arguments,
                     bool returns_real);

}  // namespace backdoor
