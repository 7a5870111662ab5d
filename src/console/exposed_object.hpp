// C++ objects with parts, as Python looks at them.
#pragma once

#include "console/conversions.hpp"

#include <backdoor/describe.hpp>

#include <string>

namespace backdoor {

/// A record, sequence, set or mapping that is looked at where it is. Throws python_error.
ref make_exposed_object(std::shared_ptr<const live_object> object,
                        std::shared_ptr<const access_path> path);

/// A record with its members' values, a tuple.
ref make_exposed_copy(const description& of, ref values);

/// Of an exposed object, or of the type of exposed ones; else null.
const description* exposed_description(PyObject* object);

/// For completion, which looks at nothing of the host's: the type of a member, the descriptor of a
/// function; empty where there is no such thing.
ref exposed_member(const description& of, const std::string& name);

/// As Python would write it, within what it has been copied with.
std::string text_of(const value& shown);

}  // namespace backdoor
