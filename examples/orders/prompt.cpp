#include "prompt.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orders {

// ---- what the classes show of themselves ------------------------------------------------------

static void describe(backdoor::members<level>& of) {
    of.member("at", &level::at, "The price.").member("amount", &level::amount);
}

static void describe(backdoor::members<order>& of) {
    of.member("id", &order::id)
        .member("way", &order::way)
        .member("open", &order::open, "What is not matched yet.")
        .member("limit", &order::limit);
}

static void describe(backdoor::members<trade>& of) {
    of.member("resting", &trade::resting)
        .member("incoming", &trade::incoming)
        .member("amount", &trade::amount)
        .member("at", &trade::at);
}

static void describe(backdoor::members<receipt>& of) {
    of.member("id", &receipt::id)
        .member("filled", &receipt::filled)
        .member("resting", &receipt::resting)
        .member("trades", &receipt::trades);
}

static void describe(backdoor::members<book>& of) {
    of.documentation("The order book. Prices are in the currency's smallest unit.")
        .member("best_bid", &book::best_bid)
        .member("best_ask", &book::best_ask)
        .member("open_orders", &book::open_orders)
        .member("matched", &book::matched, "Trades made since the start.")
        .function(
            "bids",
            [](const book& b, std::optional<std::size_t> depth) {
                return b.bids(depth.value_or(book::all));
            },
            {"depth"}, "The best levels, best first.")
        .function(
            "asks",
            [](const book& b, std::optional<std::size_t> depth) {
                return b.asks(depth.value_or(book::all));
            },
            {"depth"}, "The best levels, best first.")
        .function("find", &book::find, {"id"}, "An open order.")
        .function("cancel", &book::cancel, {"id"}, "False where it is not open.")
        .function("submit", &book::submit, {"way", "amount", "limit"}, "submit('buy', 10, 9000)");
}

static void describe(backdoor::members<session>& of) {
    of.member("peer", &session::peer).member("lines", &session::lines);
}

static void describe(backdoor::members<service>& of) {
    of.member("sessions", &service::sessions, "Who is connected now.");
}

static void describe(backdoor::members<traffic>& of) {
    of.member("running", &traffic::running)
        .member("interval", &traffic::interval)
        .function("pause", &traffic::pause)
        .function("resume", &traffic::resume)
        .function("set_interval", &traffic::set_interval, {"interval"}, "Seconds, or a timedelta.");
}

// ---- short names, for what is typed often -----------------------------------------------------

namespace {

side side_from(const std::string& name) {
    for (const auto way : {side::buy, side::sell}) {
        if (name == name_of(way)) {
            return way;
        }
    }
    throw backdoor::bad_argument{"a side is 'buy' or 'sell'"};
}

// Levels as (price, quantity) pairs.
backdoor::list pairs_of(const std::vector<level>& levels) {
    backdoor::list pairs;
    for (const auto& each : levels) {
        pairs.emplace_back(std::pair{each.at, each.amount});
    }
    return pairs;
}

backdoor::dict dict_of(const order& each) {
    return {
        {"id", each.id}, {"side", name_of(each.way)}, {"open", each.open}, {"price", each.limit}};
}

backdoor::dict dict_of(const receipt& each) {
    return {{"id", each.id}, {"filled", each.filled}, {"resting", each.resting}};
}

void add_book(backdoor::locals& names, book& orders) {
    names.live("submitted", [&] { return orders.submitted(); });
    names.live("matched", [&] { return orders.matched(); });
    names.live("open_orders", [&] { return orders.open_orders(); });
    names.function(
        "best",
        [&] {
            return std::pair{orders.best_bid(), orders.best_ask()};
        },
        "The best bid and the best ask; None for an empty side.");
    names.function(
        "bids", [&] { return pairs_of(orders.bids()); },
        "All bids as (price, quantity), best first.");
    names.function(
        "asks", [&] { return pairs_of(orders.asks()); },
        "All asks as (price, quantity), best first.");
    names.function(
        "depth",
        [&](std::size_t levels) {
            return backdoor::dict{{"bids", pairs_of(orders.bids(levels))},
                                  {"asks", pairs_of(orders.asks(levels))}};
        },
        "The best n levels of both sides, taken at one moment.");
    names.function(
        "order",
        [&](order_id id) {
            const auto found = orders.find(id);
            return found ? std::optional{dict_of(*found)} : std::nullopt;
        },
        "An open order; None where it is filled, cancelled or unknown.");
    names.function(
        "cancel", [&](order_id id) { return orders.cancel(id); },
        "Take an order out of the book. False where it is not open.");
    names.function(
        "submit",
        [&](const std::string& way, quantity amount, price limit) {
            return dict_of(orders.submit(side_from(way), amount, limit));
        },
        "submit('buy' or 'sell', quantity, price)");
}

void add_clients(backdoor::locals& names, service& clients) {
    names.live("clients", [&] { return clients.sessions().size(); });
    names.function(
        "sessions",
        [&] {
            backdoor::list present;
            for (const auto& each : clients.sessions()) {
                present.emplace_back(
                    backdoor::dict{{"peer", each->peer()}, {"lines", each->lines()}});
            }
            return present;
        },
        "Who is connected to the service, and how many lines each has sent.");
}

void add_traffic(backdoor::locals& names, traffic& generator) {
    names.live("running", [&] { return generator.running(); });
    names.function(
        "pause", [&] { generator.pause(); }, "Submit no more random orders.");
    names.function(
        "resume", [&] { generator.resume(); }, "Submit random orders again.");
    names.function(
        "every",
        [&](int milliseconds) { generator.set_interval(std::chrono::milliseconds{milliseconds}); },
        "Submit a random order every so many milliseconds.");
}

}  // namespace

prompt::prompt(book& orders, service& clients, traffic& generator) {
    add_book(names_, orders);
    add_clients(names_, clients);
    add_traffic(names_, generator);
    shown_.push_back(names_.expose("book", orders));
    shown_.push_back(names_.expose("service", clients));
    shown_.push_back(names_.expose("traffic", generator));
}

}  // namespace orders
