// Python functions where options have C++ ones.
#pragma once

#include "console/ref.hpp"

#include <backdoor/options.hpp>

#include <functional>
#include <string_view>

namespace backdoor {

/// backdoor.AuditEvent, a tuple with names. Throws python_error.
PyTypeObject* audit_event_type();

// What is no function is a TypeError, thrown as python_error. What is made of one may be called,
// copied and destroyed on any thread, with or without the GIL.

/// options::log: called a little later, on the attendant, since the IO thread takes no GIL.
std::function<void(std::string_view)> to_log(PyObject* function);

/// options::audit: what a console does waits for it, what happens on the IO thread is told a little
/// later; all in the order in which it happened.
std::function<void(const audit_event&)> to_audit(PyObject* function);

/// options::executor: gets a function without arguments, to be called on the host's loop.
executor to_executor(PyObject* function);

}  // namespace backdoor
