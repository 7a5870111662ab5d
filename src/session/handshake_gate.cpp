#include "session/handshake_gate.hpp"

#include <utility>

namespace backdoor {

handshake_gate::place::place(handshake_gate& gate, std::function<void()> give_up)
    : all_{gate.under_way_}, mine_{all_.insert(all_.end(), std::move(give_up))} {}

handshake_gate::place::~place() { all_.erase(mine_); }

std::unique_ptr<handshake_gate::place> handshake_gate::enter(const std::string& origin,
                                                             std::function<void()> give_up,
                                                             clock::time_point now) {
    if (now - second_ >= std::chrono::seconds{1}) {
        second_ = now;
        begun_.clear();
    }
    if (max_at_once_ == 0 || ++begun_[origin] > max_rate_) {
        return nullptr;
    }
    while (under_way_.size() >= max_at_once_) {
        const auto make_room = under_way_.front();  // a copy: its place goes while it is called
        make_room();
    }
    return std::make_unique<place>(*this, std::move(give_up));
}

}  // namespace backdoor
