// Functions: which there are of a name, where they begin, and what stands in them.
#pragma once

#include "reflect/code_map.hpp"
#include "reflect/inspector.hpp"
#include "reflect/name_index.hpp"
#include "reflect/reflection.hpp"

#include <vector>

namespace backdoor::reflect {

/// Thread safety: none.
class functions {
public:
    functions(inspector& with, const name_index& names, const debug_files& files)
        : with_{with}, names_{names}, files_{files}, map_{files} {}

    /// All that are called so, overloads too; of one in a class the declarations. Empty: none.
    std::vector<Dwarf_Die> named(std::string_view path);
    /// Those of a class, not of its bases.
    std::vector<Dwarf_Die> of_class(const type& of, std::string_view name);
    /// The entries that a function's static variables may stand in.
    std::vector<Dwarf_Die> bodies(Dwarf_Die function);

    /// What takes to call it. Throws not_available, which says why it cannot be called.
    callable prepare(Dwarf_Die function, const std::string& path);

    /// Those that the code there belongs to; see code_map.
    std::vector<Dwarf_Die> at(address code) { return map_.functions_at(code); }

private:
    std::optional<address> entry(Dwarf_Die function);
    std::optional<address> entry_of_symbol(const char* linkage_name, Dwarf_Die function);
    /// Without the overloads.
    std::vector<Dwarf_Die> known(std::string_view path);

    inspector& with_;
    const name_index& names_;
    const debug_files& files_;
    code_map map_;
};

}  // namespace backdoor::reflect
