// The stacks of the process's threads: the objects whose member functions they are in.
#pragma once

#include "reflect/functions.hpp"

#include <chrono>
#include <vector>

namespace backdoor::reflect {

/// See reflection::this_of().
std::vector<object> find_this(inspector& objects, functions& code, const debug_files& files, const type& of,
                              std::chrono::steady_clock::time_point deadline);

}  // namespace backdoor::reflect
