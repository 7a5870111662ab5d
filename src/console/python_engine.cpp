// The module's entry: Python behind the border of engine.hpp.
#include "console/attendant.hpp"
#include "console/audit.hpp"
#include "console/engine.hpp"
#include "console/names.hpp"
#include "console/python_console.hpp"
#include "console/turn.hpp"

#include <backdoor/error.hpp>
#include <backdoor/export.hpp>

#include <string>

namespace backdoor {

namespace {

class python_engine final : public engine {
public:
    void start() override {
        without_gil([] { attendant::get().start_python(); });
    }

    std::string banner() const override {
        return "Python " + std::string{Py_GetVersion()} + " on " + Py_GetPlatform() +
               "\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n"
               "(InteractiveConsole)\n";
    }

    std::shared_ptr<namespace_source> make_names(const locals& names,
                                                 const options& choices) override {
        return std::make_shared<python_names>(names, choices);
    }

    std::shared_ptr<console> open(console_setup setup) override {
        auto opened = std::make_shared<python_console>(std::move(setup));
        opened->start();
        return opened;
    }

    std::shared_ptr<_object> keep(_object* object) override {
        if (Py_IsInitialized() == 0) {
            throw error{"backdoor: an object of Python's was given, but Python does not run"};
        }
        Py_XINCREF(object);
        return {object, [](PyObject* held) {
                    attendant::get().release(std::make_shared<ref>(ref::take(held)));
                }};
    }

    std::shared_ptr<_object> keep_dict(_object* dict) override {
        auto kept = keep(dict);
        if (dict == nullptr || PyDict_Check(dict) == 0) {
            throw error{"backdoor: locals must be a dict"};
        }
        return kept;
    }

    void announce(std::string_view name, const audit_trail& trail,
                  std::string_view text) override {
        announce_to_hooks(name, trail, text);
    }

    bool enter_turn() override { return Py_IsInitialized() != 0 && enter_own_turn(); }
    void leave_turn() noexcept override { leave_own_turn(); }

    void without_gil(const std::function<void()>& wait) override {
        if (Py_IsInitialized() != 0 && PyGILState_Check() != 0) {
            const gil_released released;
            wait();
        } else {
            wait();
        }
    }
};

}  // namespace

}  // namespace backdoor

extern "C" BACKDOOR_API backdoor::engine* backdoor_create_engine() {
    // Never destroyed: consoles that were left to themselves may outlive main().
    static auto* const only = new backdoor::python_engine;
    return only;
}
