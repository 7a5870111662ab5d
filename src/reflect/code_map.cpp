#include "reflect/code_map.hpp"

#include <algorithm>

namespace backdoor::reflect {

namespace {

constexpr int max_depth = 64;

bool may_have_code(int tag) {
    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block;
}

/// Appends those that have the address, the outermost first.
void look_within(Dwarf_Die outer, Dwarf_Addr at, int depth, std::vector<Dwarf_Die>& found) {
    if (depth > max_depth) {
        return;
    }
    for_each_child(outer, [&](Dwarf_Die child, void*) {
        const int tag = dwarf_tag(&child);
        if (tag == DW_TAG_namespace || tag == DW_TAG_structure_type || tag == DW_TAG_class_type) {
            const auto before = found.size();
            look_within(child, at, depth + 1, found);
            return found.size() == before;
        }
        if (!may_have_code(tag) || dwarf_haspc(&child, at) != 1) {
            return true;
        }
        if (tag != DW_TAG_lexical_block) {
            found.push_back(child);
        }
        look_within(child, at, depth + 1, found);
        return false;
    });
}

}  // namespace

void code_map::read_units(const debug_files::file& file) {
    Dwarf_CU* unit = nullptr;
    Dwarf_Half version = 0;
    std::uint8_t kind = 0;
    Dwarf_Die top;
    Dwarf_Die split;
    while (dwarf_get_units(file.dwarf, unit, &unit, &version, &kind, &top, &split) == 0) {
        const bool is_split = kind == DW_UT_skeleton && split.addr != nullptr;
        Dwarf_Addr base = 0;
        Dwarf_Addr begin = 0;
        Dwarf_Addr end = 0;
        for (std::ptrdiff_t next = 0; (next = dwarf_ranges(&top, next, &base, &begin, &end)) > 0;) {
            if (begin != 0 && end > begin) {  // at 0 is what the linker has dropped
                pieces_.push_back({begin + file.bias, end + file.bias, is_split ? split : top, file.bias});
            }
        }
    }
}

std::vector<Dwarf_Die> code_map::functions_at(address at) {
    if (files_read_ != files_.files().size()) {
        for (; files_read_ < files_.files().size(); ++files_read_) {
            read_units(files_.files()[files_read_]);
        }
        std::sort(pieces_.begin(), pieces_.end(),
                  [](const piece& a, const piece& b) { return a.begin < b.begin; });
    }
    const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), at,
                                        [](address a, const piece& b) { return a < b.begin; });
    std::vector<Dwarf_Die> found;
    if (after != pieces_.begin() && at < std::prev(after)->end) {
        const auto& in = *std::prev(after);
        look_within(in.unit, at - in.bias, 0, found);
        std::reverse(found.begin(), found.end());
    }
    return found;
}

}  // namespace backdoor::reflect
