#include <backdoor/backdoor.hpp>

#include <atomic>
#include <chrono>
#include <thread>

int main(int argc, char** argv) {
    std::atomic<int> served = 0;
    backdoor::locals names;
    names.live("served", [&] { return served.load(); });
    backdoor::server door{argc > 1 ? argv[1] : "localhost:3000", names};
    for (;; ++served) {
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}
