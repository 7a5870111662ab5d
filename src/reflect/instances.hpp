// Finds objects of a class in the process's memory.
#pragma once

#include "reflect/inspector.hpp"

#include <chrono>
#include <vector>

namespace backdoor::reflect {

/// See reflection::instances().
std::vector<object> find_instances(inspector& objects, const type& of,
                                   std::chrono::steady_clock::time_point deadline,
                                   std::size_t most);

}  // namespace backdoor::reflect
