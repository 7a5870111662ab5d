#include <backdoor/expose.hpp>

#include "console/engine.hpp"
#include "session/demangled.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace backdoor {

namespace detail {

struct lifetime::state {
    std::string name;
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::thread::id> lookers;
    bool ended = false;
};

lifetime::lifetime(std::string name) : state_{std::make_unique<state>()} {
    state_->name = std::move(name);
}
lifetime::~lifetime() = default;

void lifetime::end() noexcept {
    std::unique_lock guard{state_->mutex};
    state_->ended = true;
    // A function of the object's, called at a prompt, may be what ends it.
    const auto others_look = [&] {
        return std::any_of(state_->lookers.begin(), state_->lookers.end(),
                           [](auto one) { return one != std::this_thread::get_id(); });
    };
    state_->changed.wait(guard, [&] { return !others_look(); });
}

lifetime::look::look(lifetime& of) : of_{of} {
    const std::lock_guard guard{of_.state_->mutex};
    if (of_.state_->ended) {
        throw object_gone{"the C++ object '" + of_.state_->name + "' is gone"};
    }
    of_.state_->lookers.push_back(std::this_thread::get_id());
}

lifetime::look::~look() {
    auto& state = *of_.state_;
    const std::lock_guard guard{state.mutex};
    state.lookers.erase(std::find(state.lookers.begin(), state.lookers.end(),
                                  std::this_thread::get_id()));
    if (state.ended) {
        state.changed.notify_all();
    }
}

std::string type_name(const std::type_info& type) { return demangled(type); }

}  // namespace detail

in_turn::in_turn() {
    auto* const python = loaded_engine();
    entered_ = python != nullptr && python->enter_turn();
}

in_turn::~in_turn() {
    if (entered_) {
        loaded_engine()->leave_turn();
    }
}

}  // namespace backdoor
