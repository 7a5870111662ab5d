#include "console/reflection/plugin.hpp"

#include "console/border.hpp"
#include "console/reflection/cpp_modes.hpp"
#include "session/build_config.hpp"
#include "session/threads.hpp"

#include <backdoor/error.hpp>

#include <dlfcn.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <filesystem>
#include <vector>

namespace backdoor {

namespace {

constexpr const char* plugin_name = "backdoor-reflect.so";
constexpr std::chrono::milliseconds interrupt_check{20};

/// Beside this module; of a program that we are linked into, where it was installed.
std::vector<std::filesystem::path> places() {
    Dl_info here{};
    if (dladdr(reinterpret_cast<const void*>(&raise_pending_interrupt), &here) == 0 ||
        here.dli_fname == nullptr) {
        return {};
    }
    std::error_code failure;
    auto file = std::filesystem::canonical(here.dli_fname, failure);
    if (failure) {
        file = std::filesystem::canonical("/proc/self/exe", failure);
    }
    const auto folder = file.parent_path();
    return {folder / plugin_name, folder / "backdoor" / plugin_name,
            folder / "../lib/backdoor" / plugin_name,
            folder / ".." / build_config::library_directory / "backdoor" / plugin_name};
}

reflect::reflection* load_plugin() {
    void* plugin = nullptr;
    for (const auto& one : places()) {
        if (access(one.c_str(), R_OK) == 0) {
            plugin = dlopen(one.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
            if (plugin == nullptr) {
                throw error{"backdoor: cannot load " + one.string() + ": " + dlerror() +
                            "; it needs libdw (Debian: libdw1)"};
            }
            break;
        }
    }
    if (plugin == nullptr) {
        plugin = dlopen(plugin_name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    }
    const auto create = plugin != nullptr
                            ? reinterpret_cast<reflect::create_reflection_function*>(
                                  dlsym(plugin, "backdoor_create_reflection"))
                            : nullptr;
    if (create == nullptr) {
        throw error{std::string{"backdoor: to look at C++ objects takes "} + plugin_name +
                    ", which is not installed here: backdoor was built without libdw, or in part"};
    }
    return create();
}

/// Reads the debug information once, on a thread of its own.
class loader {
public:
    static loader& get() {
        static auto& only = *new loader;  // never destroyed: its thread may outlive main()
        return only;
    }

    std::recursive_mutex in_use;

    /// Throws what loading threw, and tries again with the next call.
    reflect::reflection* plugin() {
        const gil_released_while_waiting waiting;
        std::unique_lock guard{mutex_};
        if (stage_ == stage::idle) {
            start();
        }
        while (stage_ == stage::loading) {
            changed_.wait_for(guard, interrupt_check);
            guard.unlock();
            waiting.look_for_interrupt();
            guard.lock();
        }
        if (stage_ == stage::failed) {
            stage_ = stage::idle;
            std::rethrow_exception(std::exchange(failure_, nullptr));
        }
        return plugin_;
    }

    reflect::reflection* plugin_if_ready() {
        const std::lock_guard guard{mutex_};
        return stage_ == stage::ready ? plugin_ : nullptr;
    }

private:
    enum class stage { idle, loading, ready, failed };

    /// The GIL is back in the caller's hands before anything is thrown to it.
    struct gil_released_while_waiting {
        gil_released released;
        static void look_for_interrupt() {
            const gil_held held;
            raise_pending_interrupt();
        }
    };

    void start() {
        stage_ = stage::loading;
        try {
            start_thread("backdoor-names", all_signals(), [this] { run(); });
        } catch (...) {
            stage_ = stage::idle;
            throw;
        }
    }

    void run() {
        reflect::reflection* plugin = nullptr;
        std::exception_ptr failure;
        try {
            plugin = load_plugin();
            plugin->load();
        } catch (...) {
            failure = std::current_exception();
        }
        const std::lock_guard guard{mutex_};
        plugin_ = plugin;
        failure_ = failure;
        stage_ = failure ? stage::failed : stage::ready;
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    stage stage_ = stage::idle;
    std::exception_ptr failure_;
    reflect::reflection* plugin_ = nullptr;
};

reflect::reflection* ready_plugin() {
    auto& all = loader::get();
    if (auto* const plugin = all.plugin_if_ready()) {
        return plugin;
    }
    return all.plugin();
}

}  // namespace

look::look() : plugin_{ready_plugin()}, alone_{loader::get().in_use, std::try_to_lock} {
    if (!alone_.owns_lock()) {
        const gil_released waiting;
        alone_.lock();
    }
    if (!plugin_->is_current()) {
        const gil_released reading;
        plugin_->load();
    }
    plugin_->look_into(process_looked_into());
}

void raise_pending_interrupt() {
    if (const auto type = ref::take(compat::take_pending_exception())) {
        PyErr_SetNone(type.get());
        throw python_error{};
    }
}

}  // namespace backdoor
