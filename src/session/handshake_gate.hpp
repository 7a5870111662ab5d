// Clients that have not shown yet who they are: how many, and how fast.
#pragma once

#include <backdoor/options.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

namespace backdoor {

/// Bounds what those can cost who will never be let in, and locks out nobody else.
/// Thread safety: none.
class handshake_gate {
public:
    using clock = std::chrono::steady_clock;

    /// One client's handshake, until it is destroyed.
    class place {
    public:
        place(handshake_gate& gate, std::function<void()> give_up);
        place(const place&) = delete;
        place& operator=(const place&) = delete;
        ~place();

    private:
        std::list<std::function<void()>>& all_;
        std::list<std::function<void()>>::iterator mine_;
    };

    explicit handshake_gate(const options& choices)
        : max_at_once_{choices.max_handshakes}, max_rate_{choices.max_handshake_rate} {}

    /// A client of that origin has come. Null where it has to go at once. Otherwise `give_up` is
    /// called, later, where it has to make room for another; it destroys the place.
    std::unique_ptr<place> enter(const std::string& origin, std::function<void()> give_up,
                                 clock::time_point now = clock::now());

private:
    const std::size_t max_at_once_;
    const std::size_t max_rate_;
    std::list<std::function<void()>> under_way_;  // in the order in which they came
    std::map<std::string, std::size_t> begun_;    // since second_ began, by origin
    clock::time_point second_{};
};

}  // namespace backdoor
