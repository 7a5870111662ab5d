// Parts of the library that are loaded when they are needed.
#pragma once

#include <filesystem>
#include <string>

namespace backdoor {

/// Where a module is: in the folder `backdoor` beside the shared library, or beside the Python
/// package's extension.
std::filesystem::path module_path(const std::string& name);

/// The function of that name in the module, which stays loaded. `what` is what the error, which it
/// throws where there is no such module of this build, calls it.
void* load_function(const std::filesystem::path& module, const char* function,
                    const std::string& what);

}  // namespace backdoor
