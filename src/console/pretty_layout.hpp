// How a container is laid out on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace backdoor {

/// A value as it is to be shown. No Python here.
struct pretty_node {
    std::string key;   ///< "key: " in front of it, in a dict
    std::string text;  ///< of a leaf, all; of a container, what stands before its items
    std::vector<pretty_node> items;
    std::string end;           ///< behind the items
    std::size_t left_out = 0;  ///< items behind those, that are not shown
    bool is_container = false;
};

/// On one line where it fits, as repr() has it. Else a dict has a line for each entry, and others
/// fill their lines. Columns are counted in code points. `goes_on`: what stands behind the number
/// of those left out of the outermost container.
std::string lay_out(const pretty_node& value, std::size_t columns, const std::string& goes_on);

}  // namespace backdoor
