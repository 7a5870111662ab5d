#include <backdoor/expose.hpp>

#include "console/engine.hpp"
#include "session/best_effort.hpp"
#include "session/demangled.hpp"
#include "session/forked.hpp"
#include "session/standard_output.hpp"

#include <algorithm>
#include <atomic>
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
    std::atomic<bool> ended = false;
};

lifetime::lifetime(std::string name) : state_{std::make_unique<state>()} {
    state_->name = std::move(name);
}
lifetime::~lifetime() = default;

bool lifetime::end(std::chrono::milliseconds limit) noexcept {
    state_->ended = true;
    if (in_forked_child()) {
        return true;  // who looked is not here, but perhaps the lock that it held
    }
    std::unique_lock guard{state_->mutex};
    // A function of the object's, called at a prompt, may be what ends it.
    const auto others_look = [&] {
        return std::any_of(state_->lookers.begin(), state_->lookers.end(),
                           [](auto one) { return one != std::this_thread::get_id(); });
    };
    if (state_->changed.wait_for(guard, limit, [&] { return !others_look(); })) {
        return true;
    }
    best_effort([this] {
        standard_output::get().write("backdoor: the C++ object '" + state_->name +
                                     "' ends while a function of it, called at a prompt, has not "
                                     "returned");
    });
    return false;
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
