#include "book.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>

namespace orders {

namespace {

template <class Ladder>
std::vector<level> best_levels(const Ladder& ladder, std::size_t depth) {
    std::vector<level> levels;
    for (const auto& [at, waiting] : ladder) {
        if (levels.size() == depth) {
            break;
        }
        quantity amount = 0;
        for (const auto& each : waiting) {
            amount += each.open;
        }
        levels.push_back({at, amount});
    }
    return levels;
}

template <class Ladder>
std::optional<price> best_price(const Ladder& ladder) {
    return ladder.empty() ? std::nullopt : std::optional{ladder.begin()->first};
}

}  // namespace

std::string_view name_of(side way) { return way == side::buy ? "buy" : "sell"; }

receipt book::submit(side way, quantity amount, price limit) {
    if (amount < 1 || amount > largest || limit < 1 || limit > largest) {
        throw std::invalid_argument{"quantity and price must be from 1 to " +
                                    std::to_string(largest)};
    }
    order incoming{++last_id_, way, amount, limit};
    receipt result;
    result.id = incoming.id;
    if (way == side::buy) {
        match(incoming, asks_, result);
        rest(incoming, bids_);
    } else {
        match(incoming, bids_, result);
        rest(incoming, asks_);
    }
    result.filled = amount - incoming.open;
    result.resting = incoming.open;
    return result;
}

bool book::cancel(order_id id) {
    const auto found = open_.find(id);
    if (found == open_.end()) {
        return false;
    }
    if (found->second->way == side::buy) {
        remove(found->second, bids_);
    } else {
        remove(found->second, asks_);
    }
    open_.erase(found);
    return true;
}

std::optional<order> book::find(order_id id) const {
    const auto found = open_.find(id);
    return found == open_.end() ? std::nullopt : std::optional{*found->second};
}

std::vector<level> book::bids(std::size_t depth) const { return best_levels(bids_, depth); }

std::vector<level> book::asks(std::size_t depth) const { return best_levels(asks_, depth); }

std::optional<price> book::best_bid() const { return best_price(bids_); }

std::optional<price> book::best_ask() const { return best_price(asks_); }

template <class Ladder>
void book::match(order& incoming, Ladder& opposite, receipt& result) {
    // A ladder is sorted best first: a limit that sorts before its best price does not reach it.
    const auto reaches = [&] {
        return !opposite.empty() && !opposite.key_comp()(incoming.limit, opposite.begin()->first);
    };
    while (incoming.open > 0 && reaches()) {
        const auto oldest = opposite.begin()->second.begin();
        const auto amount = std::min(incoming.open, oldest->open);
        result.trades.push_back({oldest->id, incoming.id, amount, oldest->limit});
        ++matched_;
        incoming.open -= amount;
        oldest->open -= amount;
        if (oldest->open == 0) {
            open_.erase(oldest->id);
            remove(oldest, opposite);
        }
    }
}

template <class Ladder>
void book::rest(const order& remainder, Ladder& own) {
    if (remainder.open > 0) {
        auto& waiting = own[remainder.limit];
        waiting.push_back(remainder);
        open_.emplace(remainder.id, std::prev(waiting.end()));
    }
}

template <class Ladder>
void book::remove(queue::iterator position, Ladder& own) {
    const auto found = own.find(position->limit);
    found->second.erase(position);
    if (found->second.empty()) {
        own.erase(found);
    }
}

}  // namespace orders
