// What the service shows at its prompt.
#pragma once

#include "book.hpp"
#include "service.hpp"
#include "traffic.hpp"

#include <backdoor/locals.hpp>

#include <vector>

namespace orders {

// The names a console starts with, while this lives. They refer to the three, and must be used on
// their loop.
class prompt {
public:
    prompt(book& orders, service& clients, traffic& generator);
    const backdoor::locals& names() const { return names_; }

private:
    backdoor::locals names_;
    std::vector<backdoor::exposure> shown_;
};

}  // namespace orders
