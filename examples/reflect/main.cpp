// A cache in front of slow sources. Not one name of it is made known to Python but by an address: compile
// with -g, and `cpp` at the prompt is all of it. usage: reflect [ADDRESS]
#include <backdoor/backdoor.hpp>
#include <backdoor/root.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace cache {

enum class health { good, slow, broken };

class source {
public:
    virtual ~source() = default;
    virtual std::string fetch(std::uint32_t key) = 0;

protected:
    health state_ = health::good;
};

class file_source final : public source {
public:
    explicit file_source(std::string folder) : folder_{std::move(folder)} {}
    std::string fetch(std::uint32_t key) override { return folder_ + "/" + std::to_string(key); }

private:
    std::string folder_;
};

class network_source final : public source {
public:
    std::string fetch(std::uint32_t key) override {
        state_ = key % 7 == 0 ? health::slow : health::good;
        return "from afar: " + std::to_string(key);
    }

private:
    std::string host_ = "example.org";
    [[maybe_unused]] std::uint16_t port_ = 443;
};

struct entry {
    std::string content;
    std::uint64_t used = 0;
};

class store {
public:
    store() {
        sources_.push_back(std::make_unique<file_source>("/srv/data"));
        sources_.push_back(std::make_unique<network_source>());
    }

    const std::string& get(std::uint32_t key) {
        const std::lock_guard guard{mutex_};
        auto [at, is_new] = entries_.try_emplace(key);
        if (is_new) {
            at->second.content = sources_[key % sources_.size()]->fetch(key);
            oldest_.push_back(key);
            evict();
        }
        ++at->second.used;
        return at->second.content;
    }

private:
    void evict() {
        if (oldest_.size() > limit_) {
            entries_.erase(oldest_.front());
            oldest_.pop_front();
            ++evicted_;
        }
    }

    std::mutex mutex_;
    std::vector<std::unique_ptr<source>> sources_;
    std::unordered_map<std::uint32_t, entry> entries_;
    std::deque<std::uint32_t> oldest_;
    std::size_t limit_ = 100;
    std::uint64_t evicted_ = 0;
};

/// Totals of the process; a global, which needs no root.
std::map<std::string, std::uint64_t> totals{{"asked", 0}};

}  // namespace cache

int main(int argc, char** argv) {
    cache::store store;
    const auto root = backdoor::root("store", store);
    const backdoor::server door{argc > 1 ? argv[1] : "localhost:3000"};
    std::cout << "console: " << door.address() << std::endl;

    const std::jthread traffic{[&store](const std::stop_token& stop) {
        std::minstd_rand random;
        while (!stop.stop_requested()) {
            store.get(static_cast<std::uint32_t>(random() % 150));
            ++cache::totals["asked"];
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }};
    std::string line;
    while (std::getline(std::cin, line)) {  // until its input ends
    }
}
