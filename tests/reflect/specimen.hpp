// One object of each kind, in a program that knows nothing of who looks at it.
#pragma once

namespace specimen {

/// Keeps the linker from dropping it, and fills what is only known at run time.
void prepare();

}  // namespace specimen
