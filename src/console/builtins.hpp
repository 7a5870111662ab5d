// Each console's own builtins.
#pragma once

#include "console/ref.hpp"

#include <cstdint>

namespace backdoor {

/// A module that looks like builtins and holds what builtins holds, but in which `_` is the
/// console's alone: the application's builtins are not touched (gettext keeps its `_` there).
/// Guarded by the GIL.
class private_builtins {
public:
    /// Throws python_error.
    private_builtins();

    const ref& module() const { return module_; }

    /// Adds a name of our own, as `turn`.
    void add(const char* name, PyObject* value);

    /// Takes over what has changed in the real ones since; cheap where nothing has.
    void follow();

private:
    ref module_;
    ref own_names_;
    std::uint64_t version_ = 0;
};

}  // namespace backdoor
