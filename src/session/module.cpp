#include "session/module.hpp"

#include "session/build_config.hpp"

#include <backdoor/error.hpp>

#include <dlfcn.h>

namespace backdoor {

std::filesystem::path module_path(const std::string& name) {
    Dl_info here{};
    if (dladdr(reinterpret_cast<const void*>(&module_path), &here) == 0 ||
        here.dli_fname == nullptr) {
        throw error{"backdoor: cannot find out where libbackdoor was loaded from"};
    }
    const auto folder = std::filesystem::absolute(here.dli_fname).parent_path();
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
