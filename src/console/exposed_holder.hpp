// What a Python object of an exposed C++ object holds.
#pragma once

#include "console/conversions.hpp"
#include "console/holding.hpp"

#include <backdoor/describe.hpp>

namespace backdoor {

struct exposed {
    const description* of;
    std::shared_ptr<const live_object> live;  ///< null: a copy
    std::shared_ptr<const access_path> path;
    ref values;  ///< of a copy of a record: a tuple
};

inline const exposed& exposed_in(PyObject* self) { return held<exposed>(self); }

/// Looks at the object on the host's loop: calls f with it there. Throws what f throws, or python_error.
template <class F>
value look_at(const exposed& one, F f) {
    return one.path->call([live = one.live, f = std::move(f)] { return value{f(*live)}; });
}

// For all exposed types' slots.
PyObject* exposed_repr(PyObject* self);
/// copy.copy() and copy.deepcopy(): all of it as Python's own data.
PyObject* exposed_copy(PyObject* self, PyObject* memo);

PyTypeObject* exposed_container_type(shape of);

}  // namespace backdoor
