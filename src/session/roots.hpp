// What backdoor::root() has made known.
#pragma once

#include <backdoor/export.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor {

struct known_root {
    std::uintptr_t at;
    std::string type;  ///< as C++ writes it
};

/// Thread safety: both.
BACKDOOR_API std::optional<known_root> find_root(std::string_view name);
BACKDOOR_API std::vector<std::string> root_names();

}  // namespace backdoor
