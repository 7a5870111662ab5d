// Reads the names out of debug information.
#include "reflect/name_index.hpp"
#include "reflect/type_table.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <iterator>
#include <map>
#include <tuple>
#include <unordered_set>

namespace backdoor::reflect {

namespace {

constexpr int max_depth = 64;
constexpr scope_id inlined = 1;  // marks what is common to a function's instances

bool is_class(int tag) {
    return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

/// Where it stands or, for what has no place of its own, what it is.
bool has_value(Dwarf_Die die) { return has(die, DW_AT_location) || has(die, DW_AT_const_value); }

}  // namespace

class index_builder {
public:
    index_builder(debug_files& files, name_index known) : files_{files}, index_{std::move(known)} {
        for (scope_id i = global_scope + 1; i < index_.scopes_.size(); ++i) {
            const auto& one = index_.scopes_[i];
            scope_ids_.try_emplace({one.parent, std::string_view{one.name}}, i);
        }
    }

    name_index build(std::size_t first) {
        const auto count = files_.files().size();
        for (std::size_t i = first; i < count; ++i) {
            const auto before = index_.entries_.size();
            read(files_.files()[i]);
            if (files_.files()[i].is_program) {
                const auto begin = index_.entries_.begin() + static_cast<std::ptrdiff_t>(before);
                index_.program_has_types_ =
                    std::any_of(begin, index_.entries_.end(),
                                [](const auto& one) { return one.kind == name_kind::type; });
            }
        }
        finish();
        return std::move(index_);
    }

private:
    /// Of one unit: its classes and the variables it declares, in the order of addresses, for the
    /// definitions that refer to what is in them.
    struct place {
        const void* at;
        Dwarf_Die die;
        scope_id parent;
    };

    void read(const debug_files::file& file) {
        Dwarf_CU* unit = nullptr;
        Dwarf_Half version = 0;
        std::uint8_t kind = 0;
        Dwarf_Die top;
        Dwarf_Die split;
        std::size_t missing = 0;
        while (dwarf_get_units(file.dwarf, unit, &unit, &version, &kind, &top, &split) == 0) {
            if (kind == DW_UT_skeleton && split.addr != nullptr) {
                files_.adopt(split.cu, file);
                top = split;
            } else if (kind == DW_UT_skeleton || has(top, DW_AT_GNU_dwo_name)) {
                ++missing;
            }
            classes_.clear();
            declared_.clear();
            read_children(top, global_scope, 0);
            // clang has definitions before what they refer to.
            for (const auto& one : definitions_) {
                read_definition(one);
            }
            definitions_.clear();
        }
        if (missing != 0) {
            files_.note(file, std::to_string(missing) +
                                  " source files' debug information is in .dwo files that are not there, "
                                  "or in a .dwp, which libdw reads from 0.192 on");
        }
    }

    void read_children(Dwarf_Die parent, scope_id scope, int depth) {
        if (depth > max_depth) {
            return;
        }
        for_each_child(parent, [&](Dwarf_Die die, void*) {
            read_entry(die, scope, depth);
            return index_.entries_.size() < name_index::max_names || !(index_.is_cut_ = true);
        });
    }

    void read_entry(Dwarf_Die die, scope_id scope, int depth) {
        const int tag = dwarf_tag(&die);
        switch (tag) {
            case DW_TAG_namespace: {
                const char* const name = own_name(die);
                const bool transparent = name == nullptr || has_flag(die, DW_AT_export_symbols);
                read_children(die, inner_scope(scope, name != nullptr ? name : anonymous_namespace,
                                               transparent),
                              depth + 1);
                break;
            }
            case DW_TAG_variable:
                read_variable(die, scope);
                break;
            case DW_TAG_subprogram:
                read_function(die, scope);
                break;
            case DW_TAG_structure_type:
            case DW_TAG_class_type:
            case DW_TAG_union_type:
                if (dwarf_haschildren(&die) != 0) {
                    classes_.push_back({die.addr, die, scope});
                }
                [[fallthrough]];
            case DW_TAG_enumeration_type:
            case DW_TAG_typedef:
            case DW_TAG_base_type:
                read_type(die, scope);
                break;
            default:
                break;
        }
    }

    void read_type(Dwarf_Die die, scope_id scope) {
        if (has_flag(die, DW_AT_declaration)) {
            note_declaration(die, scope);
        } else if (has(die, DW_AT_specification)) {
            definitions_.push_back({die.addr, die, scope});
        } else {
            add_once(own_name(die), die, scope, name_kind::type);
        }
    }

    void read_variable(Dwarf_Die die, scope_id scope) {
        if (has_flag(die, DW_AT_declaration)) {
            note_declaration(die, scope);
        } else if (has_value(die)) {
            if (const char* const name = own_name(die)) {
                add(name, die, scope, name_kind::variable);
            } else {
                definitions_.push_back({die.addr, die, scope});
            }
        }
    }

    void read_function(Dwarf_Die die, scope_id scope) {
        const bool has_code = has(die, DW_AT_low_pc) || has(die, DW_AT_ranges);
        if (has_flag(die, DW_AT_declaration)) {
            note_declaration(die, scope);
        } else if (has_code || has(die, DW_AT_inline) || has(die, DW_AT_abstract_origin)) {
            if (const char* const name = own_name(die)) {
                add_once(name, die, scope, name_kind::function, has_code ? 0 : inlined);
            } else {
                definitions_.push_back({die.addr, die, scope});
            }
        }
    }

    void note_declaration(Dwarf_Die die, scope_id scope) {
        if (scope != global_scope) {
            declared_.push_back({die.addr, die, scope});
        }
    }

    /// -flto has names and types in units of their own, and what it made of them in others.
    void read_from_other_unit(const place& one, Dwarf_Die common) {
        Dwarf_Die die = one.die;
        const bool is_function = dwarf_tag(&die) == DW_TAG_subprogram;
        if (!is_function && !has_value(die)) {
            return;
        }
        const auto path = index_.strings_.emplace_back(
            paths_.qualified_name(referred(common, DW_AT_specification).value_or(common)));
        const auto parts = split_path(path);
        scope_id scope = global_scope;
        for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
            scope = inner_scope(scope, index_.strings_.emplace_back(parts[i]).c_str(), false);
        }
        const char* const name = index_.strings_.emplace_back(parts.back()).c_str();
        add(name, die, scope, is_function ? name_kind::function : name_kind::variable);
    }

    /// What is defined here, and named where it was declared: in a namespace or in a class. A function
    /// that is also inlined has what is common to all its instances elsewhere.
    void read_definition(const place& one) {
        const auto common = referred(one.die, DW_AT_abstract_origin);
        if (common && common->cu != one.die.cu) {
            read_from_other_unit(one, *common);
            return;
        }
        const auto declaration = referred(common.value_or(one.die), DW_AT_specification);
        const char* const name = own_name(declaration ? *declaration : common.value_or(one.die));
        const auto* const known = declaration ? find(declared_, declaration->addr) : nullptr;
        const bool in_namespace = known != nullptr && known->at == declaration->addr;
        Dwarf_Die die = one.die;
        const int tag = dwarf_tag(&die);
        if (tag == DW_TAG_subprogram) {
            if (in_namespace || !declaration) {
                add_once(name, die, in_namespace ? known->parent : one.parent, name_kind::function,
                         has(die, DW_AT_inline) ? inlined : 0);
            }
        } else if (tag != DW_TAG_variable) {
            if (in_namespace) {
                add_once(name, die, known->parent, name_kind::type);
            }
        } else if (in_namespace) {
            add(name, die, known->parent, name_kind::variable);
        } else if (const auto* const outer =
                       declaration ? find(classes_, declaration->addr) : nullptr) {
            add(name, die, scope_within(*outer, declaration->addr), name_kind::variable);
        }
    }

    /// The last that begins before.
    static const place* find(const std::vector<place>& places, const void* at) {
        const auto next = std::upper_bound(places.begin(), places.end(), at,
                                           [](const void* a, const auto& one) { return a < one.at; });
        return next != places.begin() ? &*std::prev(next) : nullptr;
    }

    /// The scope of the class within `outer` whose member is at that address.
    scope_id scope_within(const place& outer, const void* member) {
        Dwarf_Die die = outer.die;
        scope_id scope = outer.parent;
        for (int depth = 0; depth < max_depth; ++depth) {
            const char* const name = name_of_scope(die);
            scope = inner_scope(scope, name != nullptr ? name : "(unnamed)", false);
            bool is_deeper = false;
            for_each_child(die, [&](Dwarf_Die child, void* next) {
                if (next != nullptr && next <= member) {
                    return true;
                }
                is_deeper = child.addr < member && is_class(dwarf_tag(&child));
                die = child;
                return false;
            });
            if (!is_deeper) {
                break;
            }
        }
        return scope;
    }

    scope_id inner_scope(scope_id parent, const char* name, bool transparent) {
        const auto [at, is_new] =
            scope_ids_.try_emplace({parent, std::string_view{name}}, index_.scopes_.size());
        if (is_new) {
            index_.scopes_.push_back({name, parent, transparent});
            index_.transparent_.emplace_back();
            if (transparent) {
                index_.transparent_[parent].push_back(at->second);
            }
            index_.entries_.push_back({name, {}, parent, at->second, name_kind::scope});
        } else if (transparent && !index_.scopes_[at->second].is_transparent) {
            // -flto has what it made of variables before the namespaces that they stand in.
            index_.scopes_[at->second].is_transparent = true;
            index_.transparent_[parent].push_back(at->second);
        }
        return at->second;
    }

    void add(const char* name, Dwarf_Die die, scope_id scope, name_kind kind, scope_id mark = 0) {
        if (name != nullptr) {
            index_.entries_.push_back({name, die_handle{die}, scope, mark, kind});
        }
    }

    /// Headers give the same types and functions to many units. The linker has made equal names
    /// one, mostly; the rest is told by finish().
    void add_once(const char* name, Dwarf_Die die, scope_id scope, name_kind kind,
                  scope_id mark = 0) {
        if (name != nullptr && known_.insert({name, scope, mark, kind}).second) {
            add(name, die, scope, kind, mark);
        }
    }

    void finish() {
        auto& all = index_.entries_;
        const auto order = [](const auto& a, const auto& b) {
            if (a.parent != b.parent) {
                return a.parent < b.parent;
            }
            const int names = a.name == b.name ? 0 : std::strcmp(a.name, b.name);
            return names != 0 ? names < 0 : std::tie(a.kind, a.scope) < std::tie(b.kind, b.scope);
        };
        std::stable_sort(all.begin(), all.end(), order);
        const auto is_double = [](const auto& a, const auto& b) {
            return a.kind != name_kind::variable && a.kind == b.kind && a.parent == b.parent &&
                   a.scope == b.scope && (a.name == b.name || std::strcmp(a.name, b.name) == 0);
        };
        all.erase(std::unique(all.begin(), all.end(), is_double), all.end());
        all.shrink_to_fit();
    }

    struct known_name {
        const char* name;
        scope_id scope;
        scope_id mark;
        name_kind kind;
        bool operator==(const known_name&) const = default;
    };
    struct hash {
        std::size_t operator()(const known_name& one) const {
            return (reinterpret_cast<std::size_t>(one.name) * 31 + one.scope) * 8 + one.mark * 4 +
                   static_cast<std::size_t>(one.kind);
        }
    };

    debug_files& files_;
    name_index index_;
    type_table paths_{index_};  // for names alone
    std::map<std::pair<scope_id, std::string_view>, scope_id> scope_ids_;
    std::unordered_set<known_name, hash> known_;
    std::vector<place> classes_;
    std::vector<place> declared_;
    std::vector<place> definitions_;
};

name_index build_index(debug_files& files, std::size_t first, name_index known) {
    return index_builder{files, std::move(known)}.build(first);
}

}  // namespace backdoor::reflect
