// backdoor::value and Python objects, in both directions.
#pragma once

#include "console/ref.hpp"

#include <backdoor/options.hpp>
#include <backdoor/value.hpp>

#include <memory>

namespace backdoor {

/// How exposed C++ is reached: through the host's loop, where there is one.
struct access_path {
    executor loop;
    std::chrono::milliseconds wait;

    /// Calls f on the host's loop and returns its result, or throws its exception. Without a loop
    /// calls it here. Never holds the GIL meanwhile. Throws python_error with TimeoutError where
    /// the loop does not answer in time; f is then not called any more.
    value call(const std::function<value()>& f) const;
};

/// A new Python object. `path` is how its functions are called. Throws python_error.
ref to_python(const value& source, const std::shared_ptr<const access_path>& path);

/// Throws bad_argument for what has no C++ counterpart.
value from_python(PyObject* object);

}  // namespace backdoor
