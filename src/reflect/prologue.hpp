// What a function's first instructions say of its stack frame.
#pragma once

#include "reflect/memory.hpp"

#include <optional>

namespace backdoor::reflect {

/// How far below its frame pointer a function keeps the stack pointer, as compilers have it without
/// optimisation: push %rbp; mov %rsp, %rbp; pushes; sub $n, %rsp. None where it begins otherwise.
std::optional<std::uint64_t> frame_size(const memory& bytes, address function);

}  // namespace backdoor::reflect
