// Threads of this process, and where they wait.
#pragma once

#include <elfutils/libdw.h>

#include <optional>
#include <string>
#include <vector>

namespace backdoor::reflect {

/// What the kernel tells of a thread that waits in it; nobody has to stop it for that.
struct waiting_at {
    std::string text;
    Dwarf_Word stack = 0;
    Dwarf_Word code = 0;
    std::optional<Dwarf_Word> frame;  ///< the frame pointer, where it is known
};

/// None where it runs, or has ended.
std::optional<waiting_at> where_waits(int thread);

/// All but the one that asks, up to 10,000.
std::vector<int> other_threads();

}  // namespace backdoor::reflect
