// Looks at the specimens through the plugin, from within the program that has them.
// usage: specimen_check PLUGIN
// Prints what is not as expected, and the number of what is; its status is that of a test.
#include "checks.hpp"
#include "reflect/reflection.hpp"
#include "specimen.hpp"

#include <dlfcn.h>

#include <cstdio>
#include <string>

using namespace backdoor::reflect;

namespace {

std::string look_at(reflection& all, std::string_view path) {
    try {
        if (path.starts_with("::")) {
            const auto found = all.find(path.substr(2));
            if (const auto* const place = std::get_if<object>(&found)) {
                return all.describe(*place, {});
            }
            return "(no object)";
        }
        auto at = std::get<object>(all.find("specimen::the_server"));
        for (auto dot = path.find('.'); !path.empty(); dot = path.find('.')) {
            at = std::get<object>(all.member(at, path.substr(0, dot)));
            path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
        }
        return all.describe(at, {});
    } catch (const std::exception& failure) {
        return std::string{"("} + failure.what() + ")";
    }
}

}  // namespace

int main(int, char** argv) {
    specimen::prepare();
    void* const plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (plugin == nullptr) {
        std::fprintf(stderr, "specimen_check: %s\n", dlerror());
        return 2;
    }
    const auto create = reinterpret_cast<create_reflection_function*>(
        dlsym(plugin, "backdoor_create_reflection"));
    auto& all = *create();
    try {
        all.load();
    } catch (const std::exception& failure) {
        std::printf("%s\n0 of %zu\n", failure.what(), specimen::checks().size());
        return 1;
    }
    std::size_t good = 0;
    for (const auto& one : specimen::checks()) {
        const auto shown = look_at(all, one.path);
        if (shown == one.expected) {
            ++good;
        } else {
            std::printf("%s: expected %s, seen %s\n", std::string{one.path}.c_str(),
                        std::string{one.expected}.c_str(), shown.c_str());
        }
    }
    std::printf("%zu of %zu\n", good, specimen::checks().size());
    return good == specimen::checks().size() ? 0 : 1;
}
