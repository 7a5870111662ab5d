// Consoles end before Python does.
#pragma once

#include <chrono>

namespace backdoor {

/// While it lives, a console's thread uses Python. Guarded by the GIL.
///
/// Where the host finalizes Python while there are consoles, their sessions are closed first and their
/// commands interrupted. What still runs after `limit`, the longest of any console, meets a Python
/// that is no more, and stays where it is.
class user_of_python {
public:
    /// Throws python_error.
    explicit user_of_python(std::chrono::milliseconds limit);
    user_of_python(const user_of_python&) = delete;
    user_of_python& operator=(const user_of_python&) = delete;
    ~user_of_python();
};

}  // namespace backdoor
