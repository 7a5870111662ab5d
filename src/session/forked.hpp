// Being the child of a process with consoles.
#pragma once

#include <backdoor/export.hpp>

namespace backdoor {

/// From now on this process, and no child of it, is the one with our threads.
void this_process_has_consoles();

/// This socket is this process's alone: a forked child closes it, or clients and ports of the parent
/// would live as long as the child does. Until it is closed here.
void keep_from_children(int fd) noexcept;
void is_closed_here(int fd) noexcept;

/// We are a child, forked without exec: our threads are not here, and the sockets are the parent's.
BACKDOOR_API bool in_forked_child();

}  // namespace backdoor
