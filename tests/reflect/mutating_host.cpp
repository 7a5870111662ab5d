// A program that does nothing but change its containers, as fast as it can, with a console in it.
// usage: mutating_host
#include <backdoor/backdoor.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

namespace mutating {

struct node {
    virtual ~node() = default;
    std::uint64_t number = 0;
    std::unique_ptr<node> next;
};
struct large_node final : node {
    std::string text = "a text that does not fit into the string object itself";
};

struct world {
    std::vector<std::uint64_t> numbers;
    std::vector<std::string> words;
    std::map<std::uint64_t, std::string> ordered;
    std::unordered_map<std::uint64_t, std::string> hashed;
    std::list<std::uint64_t> linked;
    std::deque<std::uint64_t> queue;
    std::unique_ptr<node> chain;
    std::shared_ptr<node> shared;
    std::optional<std::string> perhaps;
    std::variant<std::uint64_t, std::string> either;
    std::string text;
};

world the_world;
std::atomic<std::uint64_t> changes{0};

/// Eleven changes and about as many of what they are made of.
void change(std::uint64_t step) {
    auto& all = the_world;
    const auto key = step * 7 % 64;
    all.numbers.push_back(step);
    if (all.numbers.size() > 500) {
        all.numbers = {};
    }
    if (step % 16 == 0) {  // these allocate
        all.words.emplace_back(step % 40, 'w');
        if (all.words.size() > 50) {
            std::vector<std::string>{}.swap(all.words);
        }
        if (!all.ordered.erase(key)) {
            all.ordered[key] = std::string(step % 40, 'x');
        }
        if (!all.hashed.erase(key)) {
            all.hashed[key] = std::string(step % 40, 'y');
        }
        auto next = step % 32 == 0 ? std::make_unique<node>() : std::make_unique<large_node>();
        next->number = step;
        if (step % 512 != 0) {
            next->next = std::move(all.chain);
        }
        all.chain = std::move(next);
        all.shared = std::make_shared<node>();
        all.linked.push_back(step);
        if (all.linked.size() > 50) {
            all.linked.clear();
        }
    }
    all.queue.push_back(step);
    if (all.queue.size() > 300) {
        all.queue.pop_front();
    }
    all.perhaps = step % 2 == 0 ? std::optional<std::string>{"short"} : std::nullopt;
    if (step % 3 == 0) {
        all.either = step;
    } else {
        all.either = std::string(step % 30, 'e');
    }
    all.text.assign(step % 30, 't');
    changes.fetch_add(5 + (step % 16 == 0 ? 6 : 0), std::memory_order_relaxed);
}

}  // namespace mutating

int main() {
    const backdoor::server door{"127.0.0.1:0"};
    std::cout << "console: " << door.address() << std::endl;
    const std::jthread changing{[](const std::stop_token& stop) {
        for (std::uint64_t step = 0; !stop.stop_requested(); ++step) {
            mutating::change(step);
        }
    }};
    std::string line;
    while (std::getline(std::cin, line)) {  // until its input ends
    }
}
