#include "traffic.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace orders {

traffic::traffic(boost::asio::io_context& io, book& orders) : timer_{io}, orders_{orders} {
    resume();
}

void traffic::pause() {
    running_ = false;
    timer_.cancel();
}

void traffic::resume() {
    running_ = true;
    wait();
}

void traffic::set_interval(std::chrono::milliseconds interval) {
    if (interval.count() < 1) {
        throw std::invalid_argument{"an interval is at least one millisecond"};
    }
    interval_ = interval;
}

void traffic::wait() {
    timer_.expires_after(interval_);  // ends a wait that is still there
    timer_.async_wait([this](boost::system::error_code stopped) {
        if (stopped || !running_) {
            return;
        }
        submit();
        wait();
    });
}

void traffic::submit() {
    const auto way = std::bernoulli_distribution{}(random_) ? side::buy : side::sell;
    const auto amount = std::uniform_int_distribution<quantity>{1, 50}(random_);
    const auto result = orders_.submit(way, amount, wander());
    if (result.resting > 0) {
        open_.push_back(result.id);
    }
    if (open_.size() > most_open) {
        orders_.cancel(open_.front());
        open_.pop_front();
    }
}

// A price near the middle, which takes a small step each time.
price traffic::wander() {
    middle_ += std::uniform_int_distribution<price>{-1, 1}(random_);
    middle_ = std::clamp<price>(middle_, 5'000, 15'000);
    return middle_ + std::lround(std::normal_distribution{0.0, 8.0}(random_));
}

}  // namespace orders
