// How soon a host that runs Python gets its turn beside a command.
#pragma once

namespace backdoor {

/// While one exists, threads that want the GIL get it within half a millisecond, not five. The last one
/// restores what the host had, unless somebody set another interval meanwhile. Does nothing where the
/// interpreter is ours: there the host takes no GIL. Guarded by the GIL.
class lowered_switch_interval {
public:
    lowered_switch_interval();
    lowered_switch_interval(const lowered_switch_interval&) = delete;
    lowered_switch_interval& operator=(const lowered_switch_interval&) = delete;
    ~lowered_switch_interval();
};

}  // namespace backdoor
