#include "reflect/die.hpp"

namespace backdoor::reflect {

bool has_flag(Dwarf_Die die, unsigned attribute) {
    Dwarf_Attribute found;
    bool value = false;
    return dwarf_attr(&die, attribute, &found) != nullptr && dwarf_formflag(&found, &value) == 0 &&
           value;
}

const char* own_name(Dwarf_Die die) {
    Dwarf_Attribute found;
    return dwarf_attr(&die, DW_AT_name, &found) != nullptr ? dwarf_formstring(&found) : nullptr;
}

const char* name_of_scope(Dwarf_Die die) {
    const char* const name = dwarf_diename(&die);
    const auto elsewhere = name == nullptr ? referred(die, DW_AT_signature) : std::nullopt;
    return elsewhere ? own_name(*elsewhere) : name;
}

std::optional<std::uint64_t> number(Dwarf_Die die, unsigned attribute) {
    Dwarf_Attribute found;
    Dwarf_Word value = 0;
    if (dwarf_attr_integrate(&die, attribute, &found) == nullptr ||
        dwarf_formudata(&found, &value) != 0) {
        return std::nullopt;
    }
    return value;
}

std::optional<std::int64_t> constant(Dwarf_Die die) {
    Dwarf_Attribute found;
    if (dwarf_attr_integrate(&die, DW_AT_const_value, &found) == nullptr) {
        return std::nullopt;
    }
    const auto form = dwarf_whatform(&found);
    Dwarf_Word value = 0;
    Dwarf_Sword with_sign = 0;
    if (form == DW_FORM_sdata || form == DW_FORM_implicit_const) {
        return dwarf_formsdata(&found, &with_sign) == 0 ? std::optional{with_sign} : std::nullopt;
    }
    return dwarf_formudata(&found, &value) == 0
               ? std::optional{static_cast<std::int64_t>(value)}
               : std::nullopt;
}

std::optional<Dwarf_Die> referred(Dwarf_Die die, unsigned attribute) {
    Dwarf_Attribute found;
    Dwarf_Die target;
    if (dwarf_attr(&die, attribute, &found) == nullptr ||
        dwarf_formref_die(&found, &target) == nullptr) {
        return std::nullopt;
    }
    return target;
}

std::optional<Dwarf_Die> type_of(Dwarf_Die die) {
    Dwarf_Attribute found;
    Dwarf_Die target;
    if (dwarf_attr_integrate(&die, DW_AT_type, &found) == nullptr ||
        dwarf_formref_die(&found, &target) == nullptr) {
        return std::nullopt;
    }
    return target;
}

bool has(Dwarf_Die die, unsigned attribute) { return dwarf_hasattr(&die, attribute) != 0; }

std::string source_file(Dwarf_Die die) {
    Dwarf_Die unit;
    const char* const name =
        dwarf_cu_die(die.cu, &unit, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) != nullptr
            ? own_name(unit)
            : nullptr;
    return name != nullptr ? name : "";
}

}  // namespace backdoor::reflect
