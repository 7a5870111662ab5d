// What the service shows at its prompt.
#pragma once

#include "book.hpp"
#include "service.hpp"
#include "traffic.hpp"

#include <backdoor/locals.hpp>

namespace orders {

// The names a console starts with. They refer to the three, and must be used on their loop.
backdoor::locals prompt_names(book& orders, service& clients, traffic& generator);

}  // namespace orders
