// Worker threads and no loop at all: what consoles look at is atomic, or locked while they look.
#include <backdoor/backdoor.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

// Counts words, as a stand-in for work. Safe to call from any thread: workers add, consoles look.
class word_counts {
public:
    void add(const std::string& word) {
        std::lock_guard lock{mutex_};
        ++counts_[word];
    }
    std::map<std::string, long> all() const {
        std::lock_guard lock{mutex_};
        return counts_;
    }
    void clear() {
        std::lock_guard lock{mutex_};
        counts_.clear();
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, long> counts_;
};

int main(int argc, char** argv) {
    // Blocked before any thread starts, so that sigwait() below is the one that gets them.
    sigset_t ending{};
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);

    word_counts counts;
    std::atomic<long> done = 0;
    std::atomic<int> pause_milliseconds = 5;
    const auto work = [&](const std::stop_token& stop, const std::string& word) {
        while (!stop.stop_requested()) {
            counts.add(word);
            ++done;
            std::this_thread::sleep_for(std::chrono::milliseconds{pause_milliseconds.load()});
        }
    };
    std::vector<std::jthread> workers;
    for (const char* word : {"spam", "eggs", "ham"}) {
        workers.emplace_back(work, word);
    }

    backdoor::locals names;
    names.live("done", [&] { return done.load(); });
    names.live("counts", [&] { return counts.all(); });
    names.function(
        "clear", [&] { counts.clear(); }, "Forget all counts.");
    names.function(
        "slow_down",
        [&](int milliseconds) {
            if (milliseconds < 1 || milliseconds > 1000) {
                throw backdoor::bad_argument{"from 1 to 1000 milliseconds"};
            }
            pause_milliseconds = milliseconds;
        },
        "Let each worker pause this many milliseconds after each word.");
    backdoor::server door{argc > 1 ? argv[1] : "localhost:3000", names};

    int signal_number = 0;
    sigwait(&ending, &signal_number);
}
