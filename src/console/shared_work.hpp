// Code in whose middle no other greenlet of the thread may run.
#pragma once

namespace backdoor {

/// The running greenlet is within an import, a hub's own functions or what holds a lock of the
/// standard library's for a moment (threading, logging, queue): such locks know threads, and so do
/// not keep out another greenlet, or stop the thread. Locks of the application's, and of C code, it
/// cannot see. With the GIL. Throws python_error.
bool is_in_shared_work();

}  // namespace backdoor
