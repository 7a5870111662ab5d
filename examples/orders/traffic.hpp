// Random orders, so that there is something to look at.
#pragma once

#include "book.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <random>

namespace orders {

// Submits an order at each interval, around a price that wanders, and cancels its oldest one when
// it has too many in the book.
// Thread safety: none; all of it belongs to the io_context's thread.
class traffic {
public:
    traffic(boost::asio::io_context& io, book& orders);

    bool running() const { return running_; }
    void pause();
    void resume();

    std::chrono::milliseconds interval() const { return interval_; }
    // Throws std::invalid_argument unless positive.
    void set_interval(std::chrono::milliseconds interval);

private:
    static constexpr std::size_t most_open = 200;

    void wait();
    void submit();
    price wander();

    boost::asio::steady_timer timer_;
    book& orders_;
    bool running_ = false;
    std::chrono::milliseconds interval_{5};
    std::mt19937 random_{std::random_device{}()};
    price middle_ = 10'000;
    std::deque<order_id> open_;  // oldest first; some are filled meanwhile
};

}  // namespace orders
