// Looks at all there is through the plugin, whatever its debug information says, as it may be damaged.
// usage: specimen_walk PLUGIN; prints how much could be looked at, and how much could not.
#include "reflect/reflection.hpp"
#include "specimen.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <thread>

using namespace backdoor::reflect;

namespace {

constexpr std::size_t most_names = 3'000;
constexpr std::size_t most_elements = 50;

class walker {
public:
    explicit walker(reflection& all) : all_{all} {}

    void find_at_work() {
        attempt([&] {
            for (const auto& one : all_.this_of(all_.find_type("specimen::waiter"), std::chrono::seconds{60})) {
                look(one);
            }
        });
    }

    void walk(const char* pattern) {
        attempt([&] {
            for (const auto& name : all_.search(pattern, most_names)) {
                attempt([&] { std::visit([this](const auto& one) { look(one); }, all_.find(name)); });
                attempt([&] { (void)all_.names_in(name); });
            }
        });
    }
    std::size_t good = 0;
    std::size_t bad = 0;

private:
    template <class F>
    void attempt(F f) {
        try {
            f();
            ++good;
        } catch (const std::exception&) {
            ++bad;
        }
    }

    void look(const object& of) {
        attempt([&] { (void)all_.read(of); });
        attempt([&] { (void)all_.describe(of, {}); });
        attempt([&] { (void)all_.tree(of, {}); });
        attempt([&] {
            for (const auto& name : all_.members(of)) {
                attempt([&] { (void)all_.read(std::get<object>(all_.member(of, name))); });
            }
        });
        attempt([&] { (void)all_.iterate(of)->next(most_elements); });
        look(of.of);
    }
    void look(const type* of) {
        attempt([&] { (void)all_.layout(*of); });
        attempt([&] { (void)all_.size_of(*of); });
        attempt([&] { (void)all_.enumerators(*of); });
        attempt([&] {
            for (const auto& name : all_.names_in(*of)) {
                attempt([&] { (void)all_.find_in(*of, name); });
            }
        });
    }
    void look(const content&) {}
    void look(const scope&) {}
    void look(const function_name& function) {
        constexpr int most_functions = 50;  // each goes through all symbols
        if (++functions_ <= most_functions) {
            attempt([&] { (void)all_.names_in(function.path); });
            attempt([&] {
                std::optional<object> none;
                (void)all_.callables(function.path, none);
            });
        }
    }

    reflection& all_;
    int functions_ = 0;
};

}  // namespace

int main(int, char** argv) {
    specimen::prepare();
    void* const plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (plugin == nullptr) {
        std::fprintf(stderr, "specimen_walk: %s\n", dlerror());
        return 2;
    }
    auto& all = *reinterpret_cast<create_reflection_function*>(
        dlsym(plugin, "backdoor_create_reflection"))();
    try {
        all.load();
        (void)all.summary();
    } catch (const std::exception& failure) {
        std::printf("nothing: %s\n", failure.what());
        return 0;
    }
    walker one{all};
    std::array<int, 2> ends{};
    if (pipe(ends.data()) == 0) {
        std::thread waits{[&] { specimen::wait_in_member(ends[0]); }};
        one.find_at_work();
        close(ends[1]);
        waits.join();
    }
    for (const auto* pattern : {"*", "std::*", "specimen::*::*"}) {
        one.walk(pattern);
    }
    std::printf("%zu good, %zu not\n", one.good, one.bad);
}
