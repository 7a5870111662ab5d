// Where variables are.
#pragma once

#include "reflect/debug_files.hpp"
#include "reflect/inspector.hpp"
#include "reflect/reflection.hpp"

#include <vector>

namespace backdoor::reflect {

/// Finds the places of variables of this process. Thread safety: none.
class variables {
public:
    variables(inspector& with, const debug_files& files) : with_{with}, files_{files} {}

    /// Throws not_available, which says why a variable that is known is nowhere.
    std::variant<object, content> locate(Dwarf_Die variable, const std::string& name);

    /// Those that are declared within a function, also in its inner blocks, and live as long as the
    /// program.
    std::vector<named_die> statics_of(Dwarf_Die function);

private:
    content constant(Dwarf_Die variable, const type& of, const std::string& name);
    address thread_local_address(Dwarf_CU* unit, std::uint64_t offset, const std::string& name);

    inspector& with_;
    const debug_files& files_;
};

}  // namespace backdoor::reflect
