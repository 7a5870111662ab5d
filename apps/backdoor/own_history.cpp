#include "own_history.hpp"

#include "editor/history.hpp"
#include "failure.hpp"

#include <backdoor/error.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

namespace backdoor::client {

std::string own_history::past() const {
    std::vector<std::string> blocks;
    try {
        blocks = file_.read();
    } catch (const error& problem) {
        throw failure{status::usage, problem.what()};
    }
    std::size_t size = 0;
    auto first = blocks.end();
    const auto most = blocks.size() - std::min(blocks.size(), editor::history::default_max_entries);
    while (first != blocks.begin() + static_cast<std::ptrdiff_t>(most) &&
           size + std::prev(first)->size() <= editor::history::default_max_bytes) {
        --first;
        size += first->size();
    }
    std::string text;
    for (; first != blocks.end(); ++first) {
        if (first->find('\0') == std::string::npos) {
            text += *first + '\0';
        }
    }
    return text;
}

void own_history::add(std::string_view piece) {
    unwritten_ += piece;
    try {
        for (auto end = unwritten_.find('\0'); end != std::string::npos; end = unwritten_.find('\0')) {
            const auto block = std::string_view{unwritten_}.substr(0, end);
            if (!may_hold_secret(block) && !file_.append(block)) {
                return;  // another process cuts it down: with the next one
            }
            unwritten_.erase(0, end + 1);
        }
        problem_.clear();
    } catch (const error& problem) {
        problem_ = problem.what();
        unwritten_.clear();
    }
}

}  // namespace backdoor::client
