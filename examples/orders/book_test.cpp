#include "book.hpp"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>

namespace orders {
namespace {

TEST(book, starts_empty) {
    const book empty;
    EXPECT_EQ(empty.best_bid(), std::nullopt);
    EXPECT_EQ(empty.best_ask(), std::nullopt);
    EXPECT_TRUE(empty.bids().empty());
    EXPECT_EQ(empty.submitted(), 0u);
}

TEST(book, an_order_that_meets_nobody_rests) {
    book orders;
    const auto result = orders.submit(side::buy, 10, 100);
    EXPECT_EQ(result.filled, 0);
    EXPECT_EQ(result.resting, 10);
    EXPECT_EQ(orders.best_bid(), 100);
    EXPECT_EQ(orders.find(result.id)->open, 10);
}

TEST(book, prices_that_do_not_cross_do_not_trade) {
    book orders;
    orders.submit(side::buy, 10, 99);
    EXPECT_TRUE(orders.submit(side::sell, 10, 100).trades.empty());
    EXPECT_EQ(orders.best_bid(), 99);
    EXPECT_EQ(orders.best_ask(), 100);
}

TEST(book, equal_prices_trade) {
    book orders;
    orders.submit(side::sell, 10, 100);
    EXPECT_EQ(orders.submit(side::buy, 10, 100).filled, 10);
    EXPECT_EQ(orders.open_orders(), 0u);
}

TEST(book, the_best_price_trades_first_at_the_price_of_who_was_there) {
    book orders;
    orders.submit(side::sell, 5, 102);
    const auto best = orders.submit(side::sell, 5, 101);
    const auto result = orders.submit(side::buy, 3, 105);
    ASSERT_EQ(result.trades.size(), 1u);
    EXPECT_EQ(result.trades[0].resting, best.id);
    EXPECT_EQ(result.trades[0].at, 101);
    EXPECT_EQ(orders.asks(), (std::vector<level>{{101, 2}, {102, 5}}));
}

TEST(book, the_highest_bid_trades_first) {
    book orders;
    orders.submit(side::buy, 5, 98);
    const auto best = orders.submit(side::buy, 5, 99);
    const auto result = orders.submit(side::sell, 5, 90);
    ASSERT_EQ(result.trades.size(), 1u);
    EXPECT_EQ(result.trades[0].resting, best.id);
    EXPECT_EQ(result.trades[0].at, 99);
    EXPECT_EQ(orders.bids(), (std::vector<level>{{98, 5}}));
}

TEST(book, at_one_price_the_oldest_trades_first) {
    book orders;
    const auto first = orders.submit(side::buy, 4, 100);
    const auto second = orders.submit(side::buy, 4, 100);
    const auto result = orders.submit(side::sell, 6, 100);
    ASSERT_EQ(result.trades.size(), 2u);
    EXPECT_EQ(result.trades[0].resting, first.id);
    EXPECT_EQ(result.trades[1].resting, second.id);
    EXPECT_EQ(orders.find(first.id), std::nullopt);
    EXPECT_EQ(orders.find(second.id)->open, 2);
}

TEST(book, what_an_order_cannot_fill_rests_on_its_own_side) {
    book orders;
    orders.submit(side::sell, 4, 100);
    const auto result = orders.submit(side::buy, 10, 101);
    EXPECT_EQ(result.filled, 4);
    EXPECT_EQ(result.resting, 6);
    EXPECT_EQ(orders.best_bid(), 101);
    EXPECT_EQ(orders.best_ask(), std::nullopt);
}

TEST(book, a_partly_filled_order_keeps_its_place) {
    book orders;
    const auto first = orders.submit(side::sell, 10, 100);
    orders.submit(side::buy, 4, 100);
    orders.submit(side::sell, 10, 100);
    const auto result = orders.submit(side::buy, 1, 100);
    ASSERT_EQ(result.trades.size(), 1u);
    EXPECT_EQ(result.trades[0].resting, first.id);
}

TEST(book, cancel_takes_out_one_order_and_only_once) {
    book orders;
    const auto gone = orders.submit(side::buy, 4, 100);
    orders.submit(side::buy, 3, 100);
    EXPECT_TRUE(orders.cancel(gone.id));
    EXPECT_FALSE(orders.cancel(gone.id));
    EXPECT_EQ(orders.bids(), (std::vector<level>{{100, 3}}));
}

TEST(book, cancel_of_the_last_order_removes_its_level) {
    book orders;
    orders.cancel(orders.submit(side::sell, 4, 100).id);
    EXPECT_EQ(orders.best_ask(), std::nullopt);
}

TEST(book, filled_and_unknown_orders_cannot_be_cancelled) {
    book orders;
    const auto filled = orders.submit(side::sell, 4, 100);
    orders.submit(side::buy, 4, 100);
    EXPECT_FALSE(orders.cancel(filled.id));
    EXPECT_FALSE(orders.cancel(999));
}

TEST(book, depth_limits_the_levels) {
    book orders;
    for (price at = 1; at <= 5; ++at) {
        orders.submit(side::buy, 1, at);
    }
    EXPECT_EQ(orders.bids(2), (std::vector<level>{{5, 1}, {4, 1}}));
    EXPECT_TRUE(orders.bids(0).empty());
    EXPECT_EQ(orders.bids().size(), 5u);
}

TEST(book, refuses_what_is_no_order) {
    book orders;
    for (const std::int64_t bad : {std::int64_t{0}, std::int64_t{-1}, book::largest + 1}) {
        EXPECT_THROW(orders.submit(side::buy, bad, 100), std::invalid_argument);
        EXPECT_THROW(orders.submit(side::buy, 10, bad), std::invalid_argument);
    }
    EXPECT_EQ(orders.submitted(), 0u);
}

// What came in is either still open, or was matched twice: once for each side of a trade.
TEST(book, nothing_is_lost_or_made_up) {
    book orders;
    std::mt19937 random{7};
    quantity submitted = 0;
    quantity traded = 0;
    quantity cancelled = 0;
    for (int round = 0; round < 20'000; ++round) {
        const auto way = random() % 2 == 0 ? side::buy : side::sell;
        const auto amount = static_cast<quantity>(1 + random() % 20);
        const auto limit = static_cast<price>(90 + random() % 21);
        const auto result = orders.submit(way, amount, limit);
        submitted += amount;
        for (const auto& each : result.trades) {
            traded += each.amount;
        }
        const auto id = static_cast<order_id>(1 + random() % orders.submitted());
        if (const auto found = orders.find(id); found && random() % 4 == 0) {
            cancelled += found->open;
            orders.cancel(id);
        }
        if (orders.best_bid() && orders.best_ask()) {
            ASSERT_LT(*orders.best_bid(), *orders.best_ask());
        }
    }
    quantity open = 0;
    for (const auto& levels : {orders.bids(), orders.asks()}) {
        for (const auto& each : levels) {
            open += each.amount;
        }
    }
    EXPECT_EQ(submitted, open + cancelled + 2 * traded);
}

}  // namespace
}  // namespace orders
