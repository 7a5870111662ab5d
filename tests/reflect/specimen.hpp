// One object of each kind, in a program that knows nothing of who looks at it.
#pragma once

namespace specimen {

/// Keeps the linker from dropping it, and fills what is only known at run time.
void prepare();
/// Waits in a member function of a `waiter` until something can be read there.
void wait_in_member(int descriptor);

}  // namespace specimen
