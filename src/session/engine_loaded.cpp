// The engine of the shared library: a module beside it, loaded when the first client comes.
#include "console/engine.hpp"
#include "session/build_config.hpp"
#include "session/module.hpp"

#include <backdoor/error.hpp>

#include <dlfcn.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <string>

namespace backdoor {

namespace {

std::atomic<engine*> the_engine{nullptr};

bool python_is_in_process() { return dlsym(RTLD_DEFAULT, "Py_IsInitialized") != nullptr; }

/// Extension modules find CPython's symbols in the global scope only, so it has to be there, also
/// when the host brought its own with RTLD_LOCAL.
void load_libpython() {
    if (python_is_in_process()) {
        return;
    }
    if (dlopen(build_config::libpython, RTLD_NOW | RTLD_GLOBAL) == nullptr) {
        throw error{std::string{"backdoor: no libpython: "} + dlerror() + "; install " +
                    build_config::libpython_package};
    }
}

void check_version() {
    const auto get_version =
        reinterpret_cast<const char* (*)()>(dlsym(RTLD_DEFAULT, "Py_GetVersion"));
    const std::string found = get_version != nullptr ? get_version() : "";
    if (!found.starts_with(std::string{build_config::python_version} + ".")) {
        throw error{"backdoor: this process runs Python " + found.substr(0, found.find(' ')) +
                    ", but backdoor was built for " + build_config::python_version +
                    "; build it with -DBACKDOOR_PYTHON= set to that Python"};
    }
}

engine* load() {
    load_libpython();
    check_version();
    const auto create = reinterpret_cast<create_engine_function*>(load_function(
        module_path(build_config::module_name), "backdoor_create_engine", "Python"));
    return create();
}

}  // namespace

void check_engine() {
    const auto path = module_path(build_config::module_name);
    if (access(path.c_str(), R_OK) != 0) {
        throw error{"backdoor: its Python module is missing: " + path.string() +
                    "; install the whole of backdoor"};
    }
    if (!python_is_in_process() && access(build_config::libpython_path, R_OK) != 0) {
        // Not where it was at build time: the loader may know better, at the price of a load.
        load_libpython();
    }
}

engine& get_engine() {
    static std::mutex mutex;
    const std::lock_guard guard{mutex};
    if (the_engine == nullptr) {
        the_engine = load();
    }
    return *the_engine;
}

engine* loaded_engine() { return the_engine; }

engine* running_engine() {
    const auto is_running =
        reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "Py_IsInitialized"));
    return is_running != nullptr && is_running() != 0 ? &get_engine() : nullptr;
}

}  // namespace backdoor
