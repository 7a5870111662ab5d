// What `__main__` is to consoles.
#pragma once

namespace backdoor {

/// In an interpreter of our own nobody else has a main module: makes sys.modules['__main__'] the
/// namespace of the console that asks, so that pickle, typing and `import __main__` work there as
/// in `python3 -i`. Errors leave it as it is. Needs the GIL.
void route_main_module();

/// In an interpreter of the host's, while there are consoles: what is typed at a prompt is found there,
/// too, where the program has nothing of that name; pickle for one looks there. Guarded by the GIL.
class main_routing {
public:
    /// Throws python_error.
    main_routing();
    main_routing(const main_routing&) = delete;
    main_routing& operator=(const main_routing&) = delete;
    ~main_routing();
};

}  // namespace backdoor
