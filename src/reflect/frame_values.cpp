#include "reflect/frame_values.hpp"

#include <dwarf.h>

#include <cstdlib>
#include <memory>

namespace backdoor::reflect {

std::optional<Dwarf_Word> register_of(Dwfl_Frame* frame, unsigned number) {
    Dwarf_Word value = 0;
    return dwfl_frame_reg(frame, number, &value) == 0 ? std::optional{value} : std::nullopt;
}

std::optional<Dwarf_Word> sum(Dwfl_Frame* frame, const Dwarf_Op& step) {
    unsigned number = 0;
    Dwarf_Word offset = 0;
    if (step.atom >= DW_OP_breg0 && step.atom <= DW_OP_breg31) {
        number = static_cast<unsigned>(step.atom - DW_OP_breg0);
        offset = step.number;
    } else if (step.atom == DW_OP_bregx) {
        number = static_cast<unsigned>(step.number);
        offset = step.number2;
    } else {
        return std::nullopt;
    }
    const auto base = register_of(frame, number);
    return base ? std::optional{*base + offset} : std::nullopt;
}

std::optional<Dwarf_Word> held_in_register(Dwfl_Frame* frame, const Dwarf_Op& step) {
    if (step.atom >= DW_OP_reg0 && step.atom <= DW_OP_reg31) {
        return register_of(frame, static_cast<unsigned>(step.atom - DW_OP_reg0));
    }
    return step.atom == DW_OP_regx ? register_of(frame, static_cast<unsigned>(step.number)) : std::nullopt;
}

std::optional<Dwarf_Word> frame_address(Dwfl_Frame* frame, Dwfl_Module* module, Dwarf_Addr code) {
    Dwarf_Addr bias = 0;
    Dwarf_CFI* const table = dwfl_module_eh_cfi(module, &bias);
    Dwarf_Frame* found = nullptr;
    if (table == nullptr || dwarf_cfi_addrframe(table, code - bias, &found) != 0) {
        return std::nullopt;
    }
    const std::unique_ptr<Dwarf_Frame, decltype(&std::free)> owner{found, &std::free};
    Dwarf_Op* steps = nullptr;
    std::size_t count = 0;
    return dwarf_frame_cfa(found, &steps, &count) == 0 && count == 1 ? sum(frame, steps[0]) : std::nullopt;
}

}  // namespace backdoor::reflect
