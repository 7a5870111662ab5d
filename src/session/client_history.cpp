#include "session/client_history.hpp"

#include <algorithm>

namespace backdoor {

client_history::client_history(std::string_view known) {
    while (!known.empty()) {
        const auto end = std::min(known.find('\0'), known.size() - 1);
        blocks_.add(std::string{known.substr(0, end)});
        known.remove_prefix(end + 1);
    }
    told_ = blocks_.end();
}

std::string client_history::take_new() {
    std::string text;
    for (auto one = std::max(told_, blocks_.first()); one < blocks_.end(); ++one) {
        if (blocks_.at(one).find('\0') == std::string::npos) {
            text += blocks_.at(one) + '\0';
        }
    }
    told_ = blocks_.end();
    return text;
}

}  // namespace backdoor
