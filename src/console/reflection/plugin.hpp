// The plugin that knows the process's C++ objects: loaded when somebody first asks.
#pragma once

#include "console/ref.hpp"
#include "reflect/reflection.hpp"

#include <mutex>

namespace backdoor {

/// The plugin, for one look: nobody else has it meanwhile. With the GIL, which is let go of while
/// there is anything to wait for.
class look {
public:
    /// Throws python_error where there is no plugin or no debug information, with the reason, and
    /// where the console's code is interrupted meanwhile.
    look();
    reflect::reflection* operator->() const { return plugin_; }

private:
    reflect::reflection* plugin_;
    std::unique_lock<std::recursive_mutex> alone_;
};

/// Raises what interrupts this thread's code, for those who are long in C++. Throws python_error.
void raise_pending_interrupt();

}  // namespace backdoor
