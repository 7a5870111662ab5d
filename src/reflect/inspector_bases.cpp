// What objects tell of themselves at run time: where their virtual bases are, and of what class they are.
#include "reflect/inspector.hpp"

namespace backdoor::reflect {

namespace {

constexpr int max_depth = 32;  // of bases; damaged files may have rings

}  // namespace

/// DWARF gives the place of a virtual base as a small program that starts with the object's address:
/// compilers only use it to read the offset from the vtable.
std::optional<std::int64_t> inspector::offset_by_expression(const base_class& one, address at) {
    Dwarf_Die die = one.die.die();
    Dwarf_Attribute attribute;
    Dwarf_Op* steps = nullptr;
    std::size_t count = 0;
    if (dwarf_attr(&die, DW_AT_data_member_location, &attribute) == nullptr ||
        dwarf_getlocation(&attribute, &steps, &count) != 0 || count > 64) {
        return std::nullopt;
    }
    std::vector<std::uint64_t> stack{at};
    const auto pop = [&] {
        if (stack.empty()) {
            throw not_available{"the place of a virtual base is told in a way that is not known"};
        }
        const auto top = stack.back();
        stack.pop_back();
        return top;
    };
    for (std::size_t i = 0; i < count; ++i) {
        const auto& step = steps[i];
        const auto atom = step.atom;
        if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31) {
            stack.push_back(static_cast<std::uint64_t>(atom - DW_OP_lit0));
        } else if (atom >= DW_OP_const1u && atom <= DW_OP_consts) {
            stack.push_back(step.number);
        } else if (atom == DW_OP_dup) {
            const auto top = pop();
            stack.insert(stack.end(), {top, top});
        } else if (atom == DW_OP_deref) {
            stack.push_back(memory_.read_pointer(pop()));
        } else if (atom == DW_OP_plus_uconst) {
            stack.push_back(pop() + step.number);
        } else if (atom == DW_OP_plus) {
            const auto b = pop();
            stack.push_back(pop() + b);
        } else if (atom == DW_OP_minus) {
            const auto b = pop();
            stack.push_back(pop() - b);
        } else {
            return std::nullopt;
        }
    }
    return static_cast<std::int64_t>(pop() - at);
}

std::optional<std::uint64_t> vtable_pointer(const type& of, int depth) {
    const auto* const bare = of.bare();
    if (bare == nullptr || !bare->has_members() || depth > max_depth) {
        return std::nullopt;
    }
    for (const auto& one : bare->details().members) {
        if (one.name.starts_with("_vptr")) {
            return one.offset;
        }
    }
    for (const auto& one : bare->details().bases) {
        if (const auto inner = vtable_pointer(*one.of, depth + 1); inner && one.offset) {
            return *one.offset + *inner;
        }
    }
    return std::nullopt;
}

std::pair<std::string, std::int64_t> inspector::class_of_vtable(address table) {
    // As the C++ ABI has it: before the functions, what kind of object it is and where that begins.
    const auto offset = memory_.read<std::int64_t>(table - 2 * sizeof(address));
    const auto info = memory_.read_pointer(table - sizeof(address));
    if (info != 0) {
        const auto mangled = memory_.read_text(memory_.read_pointer(info + sizeof(address)), 2048);
        return {demangled(mangled.c_str() + (mangled.starts_with('*') ? 1 : 0)), offset};
    }
    constexpr std::string_view prefix = "vtable for ";
    const auto symbol = symbol_at(table);  // -fno-rtti
    const bool is_one = symbol && symbol->name.starts_with(prefix);
    return {is_one ? symbol->name.substr(prefix.size()) : "", offset};
}

object inspector::dynamic(const object& of) {
    const auto where = of.of != nullptr ? vtable_pointer(*of.of) : std::nullopt;
    if (!where) {
        return of;
    }
    try {
        // Memory that holds no such object fails this, or gives a name of no type.
        const auto [name, offset] = class_of_vtable(memory_.read_pointer(of.at + *where));
        for (const auto* one : names_.find_path(name)) {
            if (one->kind != name_kind::type) {
                continue;
            }
            const object whole{&types_.get(one->die.die()),
                               of.at + *where + static_cast<address>(offset)};
            if (whole.of->bare() == of.of->bare() && whole.at != of.at) {
                continue;
            }
            return whole.of->bare() == of.of->bare() ? of : whole;
        }
    } catch (const memory_error&) {
    }
    return of;
}

}  // namespace backdoor::reflect
