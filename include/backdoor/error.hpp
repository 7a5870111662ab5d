// What the library throws.
#pragma once

#include <backdoor/export.hpp>

#include <stdexcept>

namespace backdoor {

/// Something that was asked for cannot be done: an address that is no address, a port in use, a
/// missing libpython. what() names the thing and the remedy, in one line.
class BACKDOOR_API error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace backdoor
