// A limit order book with price-time priority. Pure: no sockets, no clock, no threads of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace orders {

using order_id = std::uint64_t;
using quantity = std::int64_t;
using price = std::int64_t;  // in the currency's smallest unit: prices compare exactly

enum class side { buy, sell };

std::string_view name_of(side way);

struct order {
    order_id id = 0;
    side way = side::buy;
    quantity open = 0;  // what is not matched yet
    price limit = 0;
};

// Two orders that met, at the price of the one that was there first.
struct trade {
    order_id resting = 0;
    order_id incoming = 0;
    quantity amount = 0;
    price at = 0;
};

// All that is open at one price.
struct level {
    price at = 0;
    quantity amount = 0;
    bool operator==(const level&) const = default;
};

// What became of an order on its arrival.
struct receipt {
    order_id id = 0;
    quantity filled = 0;
    quantity resting = 0;
    std::vector<trade> trades;  // in the order they were made
};

// Thread safety: none; whoever shares it sees to that. A loop's thread is the usual way.
class book {
public:
    static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
    static constexpr std::int64_t largest = 1'000'000'000;  // so that sums cannot overflow

    // Matches what crosses, best price first and oldest first; what is left rests in the book.
    // Throws std::invalid_argument unless amount and limit are from 1 to `largest`.
    receipt submit(side way, quantity amount, price limit);

    // Takes an order out of the book. False where it is not open: unknown, filled, cancelled.
    bool cancel(order_id id);

    // An open order.
    std::optional<order> find(order_id id) const;

    // The best levels of a side, best first.
    std::vector<level> bids(std::size_t depth = all) const;
    std::vector<level> asks(std::size_t depth = all) const;

    std::optional<price> best_bid() const;
    std::optional<price> best_ask() const;

    std::size_t open_orders() const { return open_.size(); }
    std::uint64_t submitted() const { return last_id_; }
    std::uint64_t matched() const { return matched_; }  // trades made since the start

private:
    using queue = std::list<order>;  // oldest first; its iterators outlive their neighbours

    // Each side's first entry is its best price.
    using bid_ladder = std::map<price, queue, std::greater<>>;
    using ask_ladder = std::map<price, queue, std::less<>>;

    template <class Ladder>
    void match(order& incoming, Ladder& opposite, receipt& result);
    template <class Ladder>
    void rest(const order& remainder, Ladder& own);
    template <class Ladder>
    static void remove(queue::iterator position, Ladder& own);

    bid_ladder bids_;
    ask_ladder asks_;
    std::unordered_map<order_id, queue::iterator> open_;
    order_id last_id_ = 0;
    std::uint64_t matched_ = 0;
};

}  // namespace orders
