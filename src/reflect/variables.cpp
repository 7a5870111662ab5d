#include "reflect/variables.hpp"

#include <link.h>

#include <cstring>
#include <optional>

namespace backdoor::reflect {

namespace {

constexpr int max_depth = 24;

struct place {
    std::uint64_t at;
    bool is_thread_local;
};

/// The address that a location says, if it says no more than that.
std::optional<place> place_of(Dwarf_Die variable) {
    Dwarf_Attribute attribute;
    Dwarf_Op* steps = nullptr;
    std::size_t count = 0;
    if (dwarf_attr_integrate(&variable, DW_AT_location, &attribute) == nullptr ||
        dwarf_getlocation(&attribute, &steps, &count) != 0 || count == 0 || count > 2) {
        return std::nullopt;
    }
    const bool is_thread_local =
        count == 2 && (steps[1].atom == DW_OP_form_tls_address ||
                       steps[1].atom == DW_OP_GNU_push_tls_address);
    if (count == 2 && !is_thread_local) {
        return std::nullopt;
    }
    switch (steps[0].atom) {
        case DW_OP_addr:
        case DW_OP_const4u:
        case DW_OP_const8u:
            return place{steps[0].number, is_thread_local};
        case DW_OP_addrx:
        case DW_OP_constx:
        case DW_OP_GNU_addr_index:
        case DW_OP_GNU_const_index: {
            Dwarf_Attribute indexed;
            Dwarf_Addr at = 0;
            if (dwarf_getlocation_attr(&attribute, &steps[0], &indexed) == 0 &&
                dwarf_formaddr(&indexed, &at) == 0) {
                return place{at, is_thread_local};
            }
            return std::nullopt;
        }
        default:
            return std::nullopt;
    }
}

}  // namespace

std::variant<object, content> variables::locate(Dwarf_Die variable, const std::string& name) {
    const auto* const of = with_.types().get(type_of(variable));
    if (of == nullptr) {
        throw not_available{name + " has no type in the debug information: its source file was compiled "
                                   "without -g (or with -g1)"};
    }
    if (const auto where = place_of(variable)) {
        if (const auto& file = files_.file_of(variable.cu); !file.is_loaded) {
            throw not_available{name + " was in " + file.name + ", which has been unloaded"};
        }
        if (where->is_thread_local) {
            return object{of, thread_local_address(variable.cu, where->at, name)};
        }
        if (where->at == 0) {
            throw not_available{name + " was dropped by the linker: nothing in the program used it "
                                       "(--gc-sections)"};
        }
        return object{of, where->at + files_.file_of(variable.cu).bias};
    }
    if (has(variable, DW_AT_const_value)) {
        return constant(variable, *of, name);
    }
    if (has(variable, DW_AT_location)) {
        throw not_available{name + " is in registers or in parts: it has no address of its own"};
    }
    throw not_available{name + " was optimised away: it has neither an address nor a value"};
}

content variables::constant(Dwarf_Die variable, const type& of, const std::string& name) {
    // As if it stood somewhere.
    std::string bytes(std::max<std::uint64_t>(std::min<std::uint64_t>(of.size, 4096), 8), '\0');
    Dwarf_Attribute attribute;
    Dwarf_Block block;
    if (dwarf_attr_integrate(&variable, DW_AT_const_value, &attribute) == nullptr) {
        throw not_available{name + " was optimised away"};
    }
    if (dwarf_formblock(&attribute, &block) == 0) {
        std::memcpy(bytes.data(), block.data, std::min<std::size_t>(block.length, bytes.size()));
    } else if (const char* const text = dwarf_formstring(&attribute)) {
        return std::string{text};
    } else {
        const auto value = backdoor::reflect::constant(variable).value_or(0);
        std::memcpy(bytes.data(), &value, sizeof value);
    }
    const auto* const bare = of.bare();
    if (bare == nullptr || bare->has_members() || bare->kind == type_kind::array ||
        bare->kind == type_kind::pointer) {
        throw not_available{name + " was optimised away: only its value is known, as bytes"};
    }
    const auto where = reinterpret_cast<address>(bytes.data());
    const memory::excerpt held{with_.bytes(), where, bytes};
    return with_.read({&of, where});
}

address variables::thread_local_address(Dwarf_CU* unit, std::uint64_t offset,
                                        const std::string& name) {
    struct search {
        address base;
        void* block;
    } asked{files_.file_of(unit).bias, nullptr};
    dl_iterate_phdr(
        [](dl_phdr_info* file, std::size_t, void* data) {
            auto& wanted = *static_cast<search*>(data);
            if (file->dlpi_addr != wanted.base) {
                return 0;
            }
            wanted.block = file->dlpi_tls_data;
            return 1;
        },
        &asked);
    if (asked.block == nullptr) {
        throw not_available{name + " is thread_local, and this console's thread has none of its own"};
    }
    return reinterpret_cast<address>(asked.block) + offset;
}

std::vector<named_die> variables::statics_of(Dwarf_Die function) {
    std::vector<named_die> found;
    const auto look = [&](const auto& self, Dwarf_Die block, int depth) -> void {
        for_each_child(block, [&](Dwarf_Die child, void*) {
            const int tag = dwarf_tag(&child);
            if (tag == DW_TAG_variable) {
                const char* const name = dwarf_diename(&child);
                if (name != nullptr && place_of(child)) {
                    found.push_back({name, child});
                }
            } else if ((tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) &&
                       depth < max_depth) {
                self(self, child, depth + 1);
            }
            return true;
        });
    };
    look(look, function, 0);
    return found;
}

}  // namespace backdoor::reflect
