// How types are called.
#include "reflect/type_table.hpp"

#include <algorithm>

namespace backdoor::reflect {

namespace {

constexpr int max_depth = 24;

bool is_scope(int tag) {
    return tag == DW_TAG_namespace || tag == DW_TAG_structure_type || tag == DW_TAG_class_type ||
           tag == DW_TAG_union_type || tag == DW_TAG_subprogram;
}

bool is_named(int tag) {
    return is_scope(tag) || tag == DW_TAG_enumeration_type || tag == DW_TAG_typedef;
}

void note_parents(Dwarf_Die parent, std::vector<std::pair<const void*, const void*>>& out,
                  int depth) {
    if (depth > max_depth) {
        return;
    }
    const int outer = dwarf_tag(&parent);
    const bool has_globals = is_scope(outer) && outer != DW_TAG_subprogram;
    for_each_child(parent, [&](Dwarf_Die child, void*) {
        const int tag = dwarf_tag(&child);
        if (is_named(tag) || tag == DW_TAG_lexical_block || (has_globals && tag == DW_TAG_variable)) {
            out.emplace_back(child.addr, parent.addr);
            if (is_scope(tag) || tag == DW_TAG_lexical_block) {
                note_parents(child, out, depth + 1);
            }
        }
        return true;
    });
}

/// "int (*)(char)" rather than "int (char)*".
std::string with_star(std::string target, const char* star) {
    const auto open = target.find(" (");
    if (open != std::string::npos && target.ends_with(')') && target.find('<') > open) {
        return target.substr(0, open) + " (" + star + ")" + target.substr(open + 1);
    }
    return target + star;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

/// The end of the template argument that begins at `at`.
std::size_t end_of_argument(std::string_view text, std::size_t at) {
    int depth = 0;
    for (; at < text.size(); ++at) {
        if (text[at] == '<' || text[at] == '(') {
            ++depth;
        } else if (text[at] == '>' || text[at] == ')') {
            if (depth-- == 0) {
                break;
            }
        } else if (text[at] == ',' && depth == 0) {
            break;
        }
    }
    return at;
}

}  // namespace

const type_table::parents& type_table::parents_in(Dwarf_CU* unit) {
    const auto [at, is_new] = parents_.try_emplace(unit);
    Dwarf_Die top;
    if (is_new && dwarf_cu_die(unit, &top, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) !=
                      nullptr) {
        note_parents(top, at->second, 0);
    }
    return at->second;
}

std::string type_table::qualified_name(Dwarf_Die die) {
    const auto name_of = [](Dwarf_Die one) -> std::string {
        if (const char* const name = name_of_scope(one)) {
            return name;
        }
        return dwarf_tag(&one) == DW_TAG_namespace ? anonymous_namespace : "(unnamed)";
    };
    const auto& all = parents_in(die.cu);
    std::string name = name_of(die);
    // Type units have the definition outside of the scope in which it is declared.
    const auto declaration_of = [](Dwarf_Die one) {
        const auto declared = referred(one, DW_AT_specification);
        return declared && declared->cu == one.cu ? declared->addr : one.addr;
    };
    const void* at = declaration_of(die);
    for (int depth = 0; depth < max_depth; ++depth) {
        const auto found =
            std::lower_bound(all.begin(), all.end(), at,
                             [](const auto& one, const void* wanted) { return one.first < wanted; });
        if (found == all.end() || found->first != at) {
            break;
        }
        at = found->second;
        Dwarf_Die outer{const_cast<void*>(at), die.cu, nullptr, 0};
        const int tag = dwarf_tag(&outer);
        if (tag == DW_TAG_lexical_block) {
            continue;
        }
        if (!is_scope(tag)) {
            break;
        }
        name = name_of(outer) + "::" + name;
        at = declaration_of(outer);
    }
    return name;
}

std::string type_table::make_name(const type& of, int depth) {
    if (depth > max_depth) {
        return "...";
    }
    const auto target = [&] {
        return of.target() != nullptr ? make_name(*of.target(), depth + 1) : "void";
    };
    switch (of.kind) {
        case type_kind::pointer:
            return with_star(target(), "*");
        case type_kind::reference: {
            Dwarf_Die die = of.die.die();
            return with_star(target(),
                             dwarf_tag(&die) == DW_TAG_rvalue_reference_type ? "&&" : "&");
        }
        case type_kind::array: {
            auto text = target();
            const auto bound =
                "[" + (of.count ? std::to_string(*of.count) : std::string{}) + "]";
            const auto inner = of.target() != nullptr && of.target()->kind == type_kind::array
                                   ? text.find('[')
                                   : std::string::npos;
            return text.insert(inner == std::string::npos ? text.size() : inner, bound);
        }
        case type_kind::function: {
            std::string text = target() + " (";
            for (const auto* one : of.details().parameters) {
                text += (text.ends_with('(') ? "" : ", ") +
                        (one != nullptr ? make_name(*one, depth + 1) : "void");
            }
            return text + ")";
        }
        case type_kind::alias: {
            Dwarf_Die die = of.die.die();
            const int tag = dwarf_tag(&die);
            if (tag == DW_TAG_const_type || tag == DW_TAG_volatile_type) {
                const std::string word = tag == DW_TAG_const_type ? "const" : "volatile";
                const bool behind =
                    of.target() != nullptr && of.target()->kind == type_kind::pointer;
                return behind ? target() + " " + word : word + " " + target();
            }
            if (tag != DW_TAG_typedef) {
                return target();
            }
            break;
        }
        default:
            break;
    }
    if (!of.die) {
        return "(unnamed)";
    }
    auto name = qualified_name(of.die.die());
    // -gsimple-template-names leaves the arguments to the reader.
    if (of.has_members() && name.find('<') == std::string::npos && of.is_complete &&
        !of.details().arguments.empty()) {
        name += '<';
        for (const auto& one : of.details().arguments) {
            name += name.ends_with('<') ? "" : ", ";
            name += one.value           ? std::to_string(*one.value)
                    : one.of != nullptr ? make_name(*one.of, depth + 1)
                                        : "void";
        }
        name += name.ends_with('>') ? " >" : ">";
    }
    return name;
}

std::string shortened(std::string_view name) {
    std::string text{name};
    replace_all(text, "std::__cxx11::", "std::");
    replace_all(text, "std::__1::", "std::");
    // What std's templates add by themselves.
    for (const std::string_view by_default :
         {", std::allocator<", ", std::char_traits<", ", std::less<", ", std::hash<",
          ", std::equal_to<", ", std::default_delete<"}) {
        for (auto at = text.find(by_default); at != std::string::npos; at = text.find(by_default, at)) {
            text.erase(at, end_of_argument(text, at + 1) - at);
        }
    }
    replace_all(text, " >", ">");
    replace_all(text, "std::basic_string<char>", "std::string");
    replace_all(text, "std::basic_string_view<char>", "std::string_view");
    return text;
}

}  // namespace backdoor::reflect
