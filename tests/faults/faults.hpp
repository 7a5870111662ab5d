// Faults on demand: an allocation, a system call or the start of a thread that fails.
#pragma once

#include <cstddef>

namespace backdoor::test {

/// The nth of all that may fail does so, from now on counted, on whichever thread it is called.
void arm_fault(long n);
/// None fails any more. True where one has.
bool disarm_fault();
/// What failed last.
const char* name_of_fault();

/// What the calling thread does meanwhile is not ours, and does not fail.
class no_faults_here {
public:
    no_faults_here();
    no_faults_here(const no_faults_here&) = delete;
    no_faults_here& operator=(const no_faults_here&) = delete;
    ~no_faults_here();

private:
    const bool before_;
};

/// Allocations of C++ code that are not given back yet.
long live_allocations();

}  // namespace backdoor::test
