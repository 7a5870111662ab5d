#include "session/module.hpp"

#include "session/build_config.hpp"

#include <backdoor/error.hpp>

#include <dlfcn.h>

#include <cerrno>
#include <cstring>

namespace backdoor {

std::filesystem::path module_path(const std::string& name) {
    Dl_info here{};
    if (dladdr(reinterpret_cast<const void*>(&module_path), &here) == 0 ||
        here.dli_fname == nullptr) {
        throw error{"backdoor: cannot find out where libbackdoor was loaded from"};
    }
    // Of the program itself it is what it was started as, which need not be where it is.
    const bool is_program = std::strcmp(here.dli_fname, program_invocation_name) == 0;
    const auto file = is_program ? std::filesystem::read_symlink("/proc/self/exe")
                                 : std::filesystem::absolute(here.dli_fname);
    const auto folder = file.parent_path();
    for (const auto& place : {folder, std::filesystem::path{build_config::module_folder}}) {
        if (auto path = place / name; exists(path)) {
            return path;
        }
    }
    return folder / "backdoor" / name;
}

void* load_function(const std::filesystem::path& module, const char* function,
                    const std::string& what) {
    void* const loaded = dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (loaded == nullptr) {
        throw error{"backdoor: cannot load its " + what + " module: " + dlerror()};
    }
    void* const found = dlsym(loaded, function);
    if (found == nullptr) {
        throw error{"backdoor: " + module.string() + " is no module of this version"};
    }
    return found;
}

}  // namespace backdoor
