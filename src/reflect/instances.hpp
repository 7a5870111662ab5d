// Finds objects of a class in the process's memory.
#pragma once

#include "reflect/inspector.hpp"

#include <chrono>
#include <vector>

namespace backdoor::reflect {

/// Whether a type is that class or has it as a base. By their names: each unit has types of its own.
bool is_or_derives_from(const type& one, const type& wanted, int depth = 0);

/// See reflection::instances().
std::vector<object> find_instances(inspector& objects, const type& of,
                                   std::chrono::steady_clock::time_point deadline,
                                   std::size_t most);

}  // namespace backdoor::reflect
