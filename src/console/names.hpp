// The namespaces consoles work in.
#pragma once

#include "console/console_state.hpp"
#include "console/conversions.hpp"
#include "console/engine.hpp"
#include "console/turn.hpp"

#include <optional>

namespace backdoor {

/// The host's names, and what each console's namespace is made of. Guarded by the GIL.
class python_names final : public namespace_source {
public:
    python_names(locals names, const options& choices);
    ~python_names() override;

    /// options::source_in_tracebacks
    bool shows_source() const { return shows_source_; }

    /// The host's asyncio loop, on which `await` runs; null where there is none.
    PyObject* asyncio_loop() const { return asyncio_loop_.python_object(); }
    turn_limits limits() const { return {path_->wait, turn_budget_}; }

    /// Gives a new console its globals and builtins. Throws python_error.
    void initialize(console_state& console);

private:
    turn_source make_turn_source() const;
    ref make_globals(const console_state& console) const;

    const locals names_;
    const executor loop_;
    const backdoor::asyncio_loop asyncio_loop_;
    const std::shared_ptr<const access_path> path_;
    const std::chrono::milliseconds turn_budget_;
    const bool share_;
    const bool shows_source_;
    const bool on_hub_;
    /// What consoles have in common, where they share.
    struct shared_part {
        ref globals;
        std::optional<private_builtins> builtins;
    };
    std::shared_ptr<shared_part> shared_;
};

}  // namespace backdoor
