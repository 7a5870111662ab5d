#include "reflect/functions.hpp"

#include <algorithm>
#include <cstring>

namespace backdoor::reflect {

namespace {

constexpr int max_depth = 24;

/// The entry that has its name and its parameters' types.
Dwarf_Die declaration_of(Dwarf_Die die) {
    if (const auto common = referred(die, DW_AT_abstract_origin)) {
        die = *common;
    }
    return referred(die, DW_AT_specification).value_or(die);
}

const char* linkage_name(Dwarf_Die die) {
    for (const auto attribute : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
        Dwarf_Attribute found;
        if (dwarf_attr_integrate(&die, static_cast<unsigned>(attribute), &found) != nullptr) {
            return dwarf_formstring(&found);
        }
    }
    return nullptr;
}

/// Of a unit's functions in namespaces those for which f is true.
template <class F>
void collect(Dwarf_Die outer, const F& f, int depth, std::vector<Dwarf_Die>& found) {
    for_each_child(outer, [&](Dwarf_Die child, void*) {
        const int tag = dwarf_tag(&child);
        if (tag == DW_TAG_namespace && depth < max_depth) {
            collect(child, f, depth + 1, found);
        } else if (tag == DW_TAG_subprogram && f(child)) {
            found.push_back(child);
        }
        return true;
    });
}

std::optional<Dwarf_Die> unit_of(Dwarf_Die die) {
    Dwarf_Die top;
    return dwarf_cu_die(die.cu, &top, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) != nullptr
               ? std::optional{top}
               : std::nullopt;
}

/// gcc's own versions of a function, which take other parameters.
bool is_clone(const std::string& symbol) {
    const auto marks = {" [clone", ".constprop", ".isra", ".part", ".cold"};
    return std::any_of(marks.begin(), marks.end(),
                       [&](const char* one) { return symbol.find(one) != std::string::npos; });
}

void add_once(std::vector<Dwarf_Die>& all, Dwarf_Die one) {
    if (std::none_of(all.begin(), all.end(), [&](const auto& each) { return each.addr == one.addr; })) {
        all.push_back(one);
    }
}

}  // namespace

std::vector<Dwarf_Die> functions::of_class(const type& of, std::string_view name) {
    std::vector<Dwarf_Die> found;
    const auto* const bare = of.bare();
    if (bare != nullptr && bare->has_members()) {
        for (const auto& one : bare->details().functions) {
            if (one.name == name) {
                found.push_back(one.die.die());
            }
        }
    }
    return found;
}

std::vector<Dwarf_Die> functions::known(std::string_view path) {
    std::vector<Dwarf_Die> found;
    for (const auto* one : names_.find_path(path)) {
        if (one->kind == name_kind::function) {
            found.push_back(one->die.die());
        }
    }
    const auto parts = split_path(path);
    if (found.empty() && parts.size() > 1) {
        try {
            const auto outer = path.substr(0, path.size() - parts.back().size() - 2);
            found = of_class(with_.types().get(outer), parts.back());
        } catch (const no_such_name&) {
            // Not in a class, then.
        }
    }
    return found;
}

std::vector<Dwarf_Die> functions::named(std::string_view path) {
    auto found = known(path);
    // The index has one of each name, and others stand beside it.
    const auto name = split_path(path).back();
    for (const auto& one : std::vector<Dwarf_Die>{found}) {
        const auto unit = dwarf_tag(&const_cast<Dwarf_Die&>(one)) == DW_TAG_subprogram ? unit_of(one)
                                                                                        : std::nullopt;
        if (!unit || names_.find_path(path).empty()) {
            continue;
        }
        const auto outer = with_.types().qualified_name(declaration_of(one));
        std::vector<Dwarf_Die> others;
        collect(*unit,
                [&](Dwarf_Die each) {
                    const auto declared = declaration_of(each);
                    const char* const own = own_name(declared);
                    return own != nullptr && own == name && !has_flag(each, DW_AT_declaration) &&
                           with_.types().qualified_name(declared) == outer;
                },
                0, others);
        for (const auto& each : others) {
            add_once(found, each);
        }
    }
    return found;
}

std::vector<Dwarf_Die> functions::bodies(Dwarf_Die function) {
    std::vector<Dwarf_Die> found{function};
    const auto declared = declaration_of(function);
    if (const auto begin = entry(function)) {
        if (const auto here = map_.functions_at(*begin); !here.empty()) {
            add_once(found, here.back());
        }
    } else if (const auto unit = unit_of(declared)) {
        // Inlined everywhere: what is common to all of its instances.
        collect(*unit, [&](Dwarf_Die each) { return declaration_of(each).addr == declared.addr; }, 0,
                found);
    }
    for (const auto& one : std::vector<Dwarf_Die>{found}) {
        if (const auto common = referred(one, DW_AT_abstract_origin)) {
            add_once(found, *common);
        }
    }
    return found;
}

// ---- where they begin ---------------------------------------------------------------------------

std::optional<address> functions::entry(Dwarf_Die function) {
    if (!files_.file_of(function.cu).is_loaded) {
        return std::nullopt;
    }
    Dwarf_Addr begin = 0;
    if (dwarf_entrypc(&function, &begin) == 0 && begin != 0) {
        return begin + files_.file_of(function.cu).bias;
    }
    const auto declared = declaration_of(function);
    const char* name = linkage_name(function);
    if (name == nullptr) {  // extern "C", unless it stands somewhere
        name = own_name(declared);
        name = name != nullptr && with_.types().qualified_name(declared) == name ? name : nullptr;
    }
    return name != nullptr ? entry_of_symbol(name, function) : std::nullopt;
}

std::optional<address> functions::entry_of_symbol(const char* name, Dwarf_Die function) {
    std::vector<Dwfl_Module*> modules{files_.file_of(function.cu).module};
    for (const auto& one : files_.files()) {
        if (one.module != modules[0]) {
            modules.push_back(one.module);
        }
    }
    for (auto* const module : modules) {
        const int count = dwfl_module_getsymtab(module);
        for (int i = 0; i < count; ++i) {
            GElf_Sym symbol;
            GElf_Addr at = 0;
            const char* const here =
                dwfl_module_getsym_info(module, i, &symbol, &at, nullptr, nullptr, nullptr);
            if (here != nullptr && GELF_ST_TYPE(symbol.st_info) == STT_FUNC &&
                symbol.st_shndx != SHN_UNDEF && std::strcmp(here, name) == 0) {
                return at;
            }
        }
    }
    return std::nullopt;
}

// ---- to call them -------------------------------------------------------------------------------

callable functions::prepare(Dwarf_Die function, const std::string& path) {
    constexpr std::uint64_t changed_by_compiler = DW_CC_nocall;
    callable made{path, 0, {}, with_.types().get(type_of(function)), false};
    bool has_more = false;
    for_each_child(function, [&](Dwarf_Die child, void*) {
        const int tag = dwarf_tag(&child);
        if (tag == DW_TAG_formal_parameter) {
            Dwarf_Attribute found;
            bool artificial = false;
            if (dwarf_attr_integrate(&child, DW_AT_artificial, &found) != nullptr) {
                dwarf_formflag(&found, &artificial);
            }
            made.is_member = made.is_member || (artificial && made.parameters.empty());
            made.parameters.push_back(with_.types().get(type_of(child)));
        }
        has_more = has_more || tag == DW_TAG_unspecified_parameters;
        return true;
    });
    if (has_more) {
        throw not_available{path + " takes arguments of any number (...), and cannot be called here"};
    }
    if (number(function, DW_AT_calling_convention).value_or(0) == changed_by_compiler) {
        throw not_available{path + " takes its arguments in a way of the compiler's own"};
    }
    const auto begin = entry(function);
    if (!begin) {
        throw not_available{path + " has no code of its own: it is pure virtual, was inlined wherever it is "
                                   "used, or was dropped by the linker"};
    }
    const auto symbol = files_.symbol_at(*begin);
    if (!symbol || symbol->offset != 0 || is_clone(symbol->name)) {
        throw not_available{path + (symbol && symbol->offset == 0
                                        ? " was given other parameters by the compiler (" + symbol->name + ")"
                                        : " has no symbol where it should begin: it cannot be trusted to be "
                                          "there")};
    }
    made.at = *begin;
    return made;
}

}  // namespace backdoor::reflect
