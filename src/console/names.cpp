#include "console/names.hpp"

#include "console/attendant.hpp"
#include "console/border.hpp"
#include "console/callable.hpp"
#include "console/console_list.hpp"
#include "console/here.hpp"
#include "console/live_names.hpp"
#include "console/pretty.hpp"
#include "console/reflection/cpp_names.hpp"
#include "console/turn.hpp"

namespace backdoor {

namespace {

/// What `python3 -i` finds in its main module, in the interpreter at hand.
void add_standard_names(PyObject* globals, PyObject* builtins) {
    PyObject* const main = PyImport_AddModule("__main__");
    PyObject* const pristine = main != nullptr ? PyModule_GetDict(main) : nullptr;
    PyObject* const loader =
        pristine != nullptr ? PyDict_GetItemString(pristine, "__loader__") : nullptr;
    const auto add = [&](const char* name, PyObject* value) {
        check(PyDict_SetItemString(globals, name, value));
    };
    add("__name__", to_str("__main__").get());
    add("__doc__", Py_None);
    add("__package__", Py_None);
    add("__loader__", loader != nullptr ? loader : Py_None);
    add("__spec__", Py_None);
    add("__annotations__", checked(PyDict_New()).get());
    add("__builtins__", builtins);
}

}  // namespace

python_names::python_names(locals names, const options& choices)
    : names_{std::move(names)},
      loop_{choices.executor},
      asyncio_loop_{choices.loop},
      path_{std::make_shared<const access_path>(access_path{choices.executor, choices.turn_wait})},
      turn_budget_{choices.turn_budget},
      share_{choices.share_locals},
      shows_source_{choices.source_in_tracebacks},
      on_hub_{choices.hub != nullptr},
      shared_{share_ ? std::make_shared<shared_part>() : nullptr} {}

python_names::~python_names() {
    // On any thread, the IO thread among them.
    if (shared_) {
        attendant::get().release(std::move(shared_));
    }
}

ref python_names::make_globals(const console_state& console) const {
    std::vector<locals::entry> live;
    for (const auto& one : names_.entries()) {
        if (one.getter) {
            live.push_back(one);
        }
    }
    PyObject* const given = names_.python_dict();
    auto globals = share_ && given != nullptr ? ref::share(given)
                   : live.empty()             ? checked(PyDict_New())
                                              : make_live_dict(std::move(live), path_);
    if (globals.get() != given) {
        add_standard_names(globals.get(), console.builtins.module().get());
        if (given != nullptr) {
            check(PyDict_Update(globals.get(), given));
        }
    }
    for (const auto& one : names_.entries()) {
        if (!one.getter) {
            check(PyDict_SetItemString(globals.get(), one.name.c_str(),
                                       to_python(one.held, path_).get()));
        }
    }
    check(PyDict_SetItemString(globals.get(), "__builtins__", console.builtins.module().get()));
    return globals;
}

turn_source python_names::make_turn_source() const {
    if (on_hub_) {
        return {{}, {}, limits(), true};
    }
    if (loop_ || asyncio_loop() == nullptr) {
        return {loop_, {}, limits()};
    }
    const auto post = checked(PyObject_GetAttrString(asyncio_loop(), "call_soon_threadsafe"));
    return {executor_of(share_with_all_threads(post.get())), ref::share(asyncio_loop()), limits()};
}

void python_names::initialize(console_state& console) {
    console.turns = std::make_shared<const turn_source>(make_turn_source());
    console.builtins.add("turn", make_turn_function(console.turns).get());
    console.builtins.add("consoles", make_consoles_function().get());
    console.builtins.add("here", make_here_function().get());
    console.builtins.add("more", make_more_function().get());
    console.builtins.add("cpp", make_cpp().get());
    if (!share_) {
        console.globals = make_globals(console);
        return;
    }
    if (!shared_->builtins) {
        shared_->globals = make_globals(console);
        shared_->builtins = console.builtins;
    }
    console.globals = shared_->globals;
    console.builtins = *shared_->builtins;
}

}  // namespace backdoor
