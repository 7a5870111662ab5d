// An options::audit that needs no lock of ours.
#pragma once

#include <backdoor/audit.hpp>

#include <functional>

namespace backdoor {

/// It sees itself to it that it is not run on two threads at once. A lock around it would be held
/// by a greenlet that it switches away from, and stop the thread when another greenlet comes for
/// it.
struct orderly_audit {
    std::function<void(const audit_event&)> function;
    void operator()(const audit_event& event) const { function(event); }
};

}  // namespace backdoor
