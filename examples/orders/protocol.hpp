// The service's line protocol: one line of text in, one reply out. Pure, as the book is.
//
//     BUY 10 9950      ORDER 7 FILLED 4 RESTING 6
//     SELL 10 9960     ORDER 8 FILLED 0 RESTING 10
//     CANCEL 7         CANCELLED 7, or UNKNOWN 7
//     BOOK             ASK price quantity, highest first; BID price quantity, highest first; END
//     anything else    ERROR and the reason
#pragma once

#include "book.hpp"

#include <string>
#include <string_view>

namespace orders {

// The reply to a line, with its line ends. QUIT is the session's own and no line for this.
std::string answer(book& orders, std::string_view line);

}  // namespace orders
