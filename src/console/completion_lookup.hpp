// Finding an object that was typed, without running anything.
#pragma once

#include "console/completion_context.hpp"
#include "console/console_state.hpp"

#include <string>

namespace backdoor {

/// What a console's code can name. Its own references: code that completing runs may be left behind, and
/// come back when the console is over.
struct scope {
    explicit scope(console_state& console);

    ref globals;
    ref builtins;  ///< a dict
};

/// A dict, or of a class that looks up its keys as dict does: defaultdict and OrderedDict, too.
bool is_plain_dict(PyObject* object);

/// What inspect.getattr_static says, where that is no descriptor but a function. Of a C++ object,
/// which only has its memory read, the attribute itself; of an exposed one, which is the host's,
/// only what type it has. Throws python_error.
ref find_attribute(const ref& object, const std::string& name);

/// Empty where it cannot be found, or not without running code of its class. A live name of the
/// host's is not read. Throws python_error.
ref find(const scope& names, const completion_context::expression& steps);

}  // namespace backdoor
