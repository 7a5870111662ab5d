// Entries of debug information (DIEs), as libdw gives them, in the few ways we ask.
#pragma once

#include <dwarf.h>
#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>
#include <string>

namespace backdoor::reflect {

/// What it takes to find an entry again; valid as long as its file is open.
struct die_handle {
    void* at = nullptr;
    Dwarf_CU* unit = nullptr;

    die_handle() = default;
    die_handle(const Dwarf_Die& die) : at{die.addr}, unit{die.cu} {}
    explicit operator bool() const { return at != nullptr; }
    Dwarf_Die die() const { return {at, unit, nullptr, 0}; }
};

/// All are of the entry itself and, with `integrated`, of the one that it specifies.
bool has_flag(Dwarf_Die die, unsigned attribute);
/// Null where it has none. Points into the file.
const char* own_name(Dwarf_Die die);
/// Also of a class that clang has put into a unit of its own, leaving a nameless declaration.
const char* name_of_scope(Dwarf_Die die);
std::optional<std::uint64_t> number(Dwarf_Die die, unsigned attribute);
/// DW_AT_const_value: where the form leaves the sign open, that of the type decides, later.
std::optional<std::int64_t> constant(Dwarf_Die die);
std::optional<Dwarf_Die> referred(Dwarf_Die die, unsigned attribute);
/// What DW_AT_type says, also of the entry that this one specifies; none: void.
std::optional<Dwarf_Die> type_of(Dwarf_Die die);
bool has(Dwarf_Die die, unsigned attribute);
/// The source file of its unit, as the compiler was told it.
std::string source_file(Dwarf_Die die);

/// Calls f with each child until f returns false. Damaged files may have endless ones: at most so
/// many.
template <class F>
void for_each_child(Dwarf_Die parent, F f) {
    constexpr int most = 2'000'000;
    Dwarf_Die child;
    if (dwarf_child(&parent, &child) != 0) {
        return;
    }
    for (int i = 0; i < most; ++i) {
        Dwarf_Die next;
        const bool more = dwarf_siblingof(&child, &next) == 0 && next.addr > child.addr;
        if (!f(child, more ? next.addr : nullptr) || !more) {
            return;
        }
        child = next;
    }
}

}  // namespace backdoor::reflect
