// Which functions machine code belongs to.
#pragma once

#include "reflect/debug_files.hpp"
#include "reflect/die.hpp"

#include <vector>

namespace backdoor::reflect {

/// Of the compilers' own tables, since clang leaves out the one that is made for this (.debug_aranges). Read
/// when it is first asked for, and again after further files have come. Thread safety: none.
class code_map {
public:
    explicit code_map(const debug_files& files) : files_{files} {}

    /// The functions whose code is there, the innermost first: what was inlined stands before what it is
    /// in. Empty where there is no debug information of it.
    std::vector<Dwarf_Die> functions_at(address at);

private:
    struct piece {
        address begin;
        address end;
        Dwarf_Die unit;
        address bias;
    };

    void read_units(const debug_files::file& file);

    const debug_files& files_;
    std::size_t files_read_ = 0;
    std::vector<piece> pieces_;  // in order
};

}  // namespace backdoor::reflect
