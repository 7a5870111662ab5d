// The engine of the static library: linked in, with Python.
#include "console/engine.hpp"

#include <atomic>

extern "C" {
backdoor::engine* backdoor_create_engine();
int Py_IsInitialized();
}

namespace backdoor {

namespace {

std::atomic<engine*> the_engine{nullptr};

}  // namespace

void check_engine() {}

engine& get_engine() {
    static engine* const created = the_engine = backdoor_create_engine();
    return *created;
}

engine* loaded_engine() { return the_engine; }

engine* running_engine() { return Py_IsInitialized() != 0 ? &get_engine() : nullptr; }

}  // namespace backdoor
