// How a console looks at C++ objects: reading or writing, now or as they were.
#pragma once

#include "console/ref.hpp"

#include <string>

namespace backdoor {

/// `with cpp.writable():`
ref make_cpp_writable();
/// `with cpp.calls():`
ref make_cpp_calls();
/// `with cpp.snapshot():`
ref make_cpp_snapshot();
/// `with cpp.locked(mutex):` of a view of one. Throws python_error.
ref make_cpp_locked(PyObject* mutex);

/// The console whose code runs here is within `with cpp.writable():`, and in no snapshot.
bool may_write();
/// It is within `with cpp.calls():`, and in no snapshot.
bool may_call();
/// The process whose memory it sees; 0: this one.
int process_looked_into();

/// Records what is about to be done beyond reading. Throws python_error where that is not allowed.
void record_change_of(const std::string& what);

}  // namespace backdoor
