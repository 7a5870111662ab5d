// What is to be seen of each kind of object, for all compilers and flags.
#pragma once

#include <string_view>
#include <vector>

namespace specimen {

struct check {
    std::string_view path;    ///< from specimen::the_server; from the global scope where it begins with ::
    std::string_view expected;
};

const std::vector<check>& checks();

}  // namespace specimen
