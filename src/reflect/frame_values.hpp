// What registers held, and what is said in terms of them, in a function that will be come back to.
#pragma once

#include <elfutils/libdwfl.h>

#include <optional>

namespace backdoor::reflect {

/// None where nothing that was called since has put it on the stack.
std::optional<Dwarf_Word> register_of(Dwfl_Frame* frame, unsigned number);
/// Of a step that is a register and a number, which is all that compilers need for what stays in place.
std::optional<Dwarf_Word> sum(Dwfl_Frame* frame, const Dwarf_Op& step);
/// Of a step that is a register.
std::optional<Dwarf_Word> held_in_register(Dwfl_Frame* frame, const Dwarf_Op& step);
/// The canonical frame address: the caller's stack pointer, before it called.
std::optional<Dwarf_Word> frame_address(Dwfl_Frame* frame, Dwfl_Module* module, Dwarf_Addr code);

}  // namespace backdoor::reflect
