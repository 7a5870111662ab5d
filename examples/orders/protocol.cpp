#include "protocol.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace orders {

namespace {

constexpr std::size_t shown_levels = 10;

std::vector<std::string_view> words_of(std::string_view line) {
    constexpr std::string_view blanks = " \t\r";
    std::vector<std::string_view> words;
    for (auto begin = line.find_first_not_of(blanks); begin != line.npos;
         begin = line.find_first_not_of(blanks)) {
        line.remove_prefix(begin);
        const auto end = std::min(line.find_first_of(blanks), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
    return words;
}

template <class Number>
Number number_from(std::string_view word) {
    Number number{};
    const auto end = word.data() + word.size();
    if (const auto [stop, failure] = std::from_chars(word.data(), end, number);
        failure != std::errc{} || stop != end) {
        throw std::invalid_argument{"not a number: " + std::string{word}};
    }
    return number;
}

std::string submit(book& orders, side way, std::string_view amount, std::string_view limit) {
    const auto result =
        orders.submit(way, number_from<quantity>(amount), number_from<price>(limit));
    return "ORDER " + std::to_string(result.id) + " FILLED " + std::to_string(result.filled) +
           " RESTING " + std::to_string(result.resting) + "\n";
}

std::string cancel(book& orders, std::string_view word) {
    const auto id = number_from<order_id>(word);
    return (orders.cancel(id) ? "CANCELLED " : "UNKNOWN ") + std::to_string(id) + "\n";
}

std::string show(const book& orders) {
    std::string text;
    const auto add = [&text](const char* kind, const level& each) {
        text += kind + std::to_string(each.at) + " " + std::to_string(each.amount) + "\n";
    };
    const auto asks = orders.asks(shown_levels);
    for (auto each = asks.rbegin(); each != asks.rend(); ++each) {
        add("ASK ", *each);
    }
    for (const auto& each : orders.bids(shown_levels)) {
        add("BID ", each);
    }
    return text + "END\n";
}

}  // namespace

std::string answer(book& orders, std::string_view line) {
    const auto words = words_of(line);
    const auto is = [&words](std::string_view command, std::size_t parameters) {
        return words.size() == 1 + parameters && words[0] == command;
    };
    try {
        if (is("BUY", 2)) {
            return submit(orders, side::buy, words[1], words[2]);
        }
        if (is("SELL", 2)) {
            return submit(orders, side::sell, words[1], words[2]);
        }
        if (is("CANCEL", 1)) {
            return cancel(orders, words[1]);
        }
        if (is("BOOK", 0)) {
            return show(orders);
        }
    } catch (const std::invalid_argument& problem) {
        return std::string{"ERROR "} + problem.what() + "\n";
    }
    return "ERROR try BUY quantity price, SELL quantity price, CANCEL id, BOOK or QUIT\n";
}

}  // namespace orders
