// Lengths of time for people.
#pragma once

#include <chrono>
#include <string>

namespace backdoor {

/// "1.53 s", "2 min 3 s", "1 h 2 min"
inline std::string elapsed_text(std::chrono::steady_clock::duration time) {
    using namespace std::chrono;
    const auto seconds = duration_cast<std::chrono::seconds>(time).count();
    const auto pair = [](auto large, const char* unit, auto small, const char* other) {
        return std::to_string(large) + unit + std::to_string(small) + other;
    };
    if (seconds >= 3600) {
        return pair(seconds / 3600, " h ", seconds / 60 % 60, " min");
    }
    if (seconds >= 60) {
        return pair(seconds / 60, " min ", seconds % 60, " s");
    }
    const auto hundredths = duration_cast<milliseconds>(time).count() / 10 % 100;
    return pair(seconds, hundredths < 10 ? ".0" : ".", hundredths, " s");
}

}  // namespace backdoor
