#include "reflect/type_table.hpp"

#include <algorithm>
#include <limits>

namespace backdoor::reflect {

namespace {

constexpr unsigned pointer_size = sizeof(void*);

type_kind base_kind(Dwarf_Die die) {
    const char* const name = own_name(die);
    const std::string_view text = name != nullptr ? name : "";
    switch (number(die, DW_AT_encoding).value_or(0)) {
        case DW_ATE_boolean:
            return type_kind::boolean;
        case DW_ATE_signed_char:
            return text == "char" ? type_kind::character : type_kind::integer;
        case DW_ATE_unsigned_char:
            return text == "char" || text == "char8_t" ? type_kind::character
                                                       : type_kind::unsigned_integer;
        case DW_ATE_UTF:
            return type_kind::character;
        case DW_ATE_signed:
            return text == "wchar_t" ? type_kind::character : type_kind::integer;
        case DW_ATE_unsigned:
            return type_kind::unsigned_integer;
        case DW_ATE_float:
            return type_kind::floating;
        default:
            return type_kind::other;
    }
}

type_kind kind_of(Dwarf_Die die) {
    switch (dwarf_tag(&die)) {
        case DW_TAG_base_type:
            return base_kind(die);
        case DW_TAG_enumeration_type:
            return type_kind::enumeration;
        case DW_TAG_pointer_type:
            return type_kind::pointer;
        case DW_TAG_reference_type:
        case DW_TAG_rvalue_reference_type:
            return type_kind::reference;
        case DW_TAG_ptr_to_member_type:
            return type_kind::member_pointer;
        case DW_TAG_array_type:
            return type_kind::array;
        case DW_TAG_structure_type:
        case DW_TAG_class_type:
            return type_kind::record;
        case DW_TAG_union_type:
            return type_kind::union_;
        case DW_TAG_subroutine_type:
        case DW_TAG_subprogram:
            return type_kind::function;
        case DW_TAG_typedef:
        case DW_TAG_const_type:
        case DW_TAG_volatile_type:
        case DW_TAG_restrict_type:
        case DW_TAG_atomic_type:
            return type_kind::alias;
        default:
            return type_kind::other;
    }
}

std::optional<std::uint64_t> elements(Dwarf_Die dimension) {
    if (const auto count = number(dimension, DW_AT_count)) {
        return count;
    }
    const auto last = number(dimension, DW_AT_upper_bound);
    return last && *last != std::numeric_limits<std::uint64_t>::max() ? std::optional{*last + 1}
                                                                      : std::nullopt;
}

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
    std::uint64_t result = 0;
    return __builtin_mul_overflow(a, b, &result) ? 0 : result;
}

bool may_be_declared_only(type_kind kind) {
    return kind == type_kind::record || kind == type_kind::union_ ||
           kind == type_kind::enumeration;
}

}  // namespace

const type* type_table::get(const std::optional<Dwarf_Die>& die) {
    return die && dwarf_tag(&const_cast<Dwarf_Die&>(*die)) != DW_TAG_unspecified_type ? &get(*die)
                                                                                     : nullptr;
}

const type& type_table::get(Dwarf_Die die) {
    if (const auto known = by_die_.find(die.addr); known != by_die_.end()) {
        return *known->second;
    }
    return read(die);
}

void type_table::forget_declarations() {
    std::erase_if(by_die_, [](const auto& one) { return !one.second->is_complete; });
}

const type& type_table::read(Dwarf_Die die) {
    if (const auto unit_type = referred(die, DW_AT_signature);
        unit_type && unit_type->addr != die.addr && !has(*unit_type, DW_AT_signature)) {
        const type& real = get(*unit_type);
        by_die_[die.addr] = &real;
        return real;
    }
    const auto kind = kind_of(die);
    const bool declared_only = may_be_declared_only(kind) && has_flag(die, DW_AT_declaration);
    if (declared_only) {
        if (const auto* const definition = find_definition(die, kind)) {
            by_die_[die.addr] = definition;
            return *definition;
        }
    }
    type& made = all_.emplace_back();
    by_die_[die.addr] = &made;
    made.table = this;
    made.die = die;
    made.kind = kind;
    made.is_complete = !declared_only;
    made.size = number(die, DW_AT_byte_size).value_or(0);
    if (kind == type_kind::array) {
        read_array(made, die);
    } else if (made.size == 0 && (kind == type_kind::pointer || kind == type_kind::reference)) {
        made.size = pointer_size;
    } else if (kind == type_kind::alias) {
        const auto* const bare = made.bare();
        made.size = bare != nullptr ? bare->size : 0;
    } else if (kind == type_kind::member_pointer && made.size == 0) {
        const auto* const of = made.target();
        made.size = of != nullptr && of->kind == type_kind::function ? 2 * pointer_size
                                                                      : pointer_size;
    }
    return made;
}

void type_table::read_array(type& made, Dwarf_Die die) {
    std::vector<std::optional<std::uint64_t>> counts;
    for_each_child(die, [&](Dwarf_Die child, void*) {
        if (dwarf_tag(&child) == DW_TAG_subrange_type) {
            counts.push_back(elements(child));
        }
        return counts.size() < 16;
    });
    const type* element = get(type_of(die));
    for (std::size_t i = counts.size(); i-- > 1 && element != nullptr;) {
        element = &array_of(*element, counts[i].value_or(0));
    }
    made.element = element;
    made.count = counts.empty() ? std::nullopt : counts[0];
    made.size = element != nullptr ? product(made.count.value_or(0), element->size) : 0;
}

const type& type_table::array_of(const type& element, std::uint64_t count) {
    type& made = all_.emplace_back();
    made.table = this;
    made.kind = type_kind::array;
    made.element = &element;
    made.count = count;
    made.size = product(count, element.size);
    return made;
}

const type& type_table::pointer_to(const type& target) {
    auto& known = pointers_[&target];
    if (known == nullptr) {
        type& made = all_.emplace_back();
        made.table = this;
        made.kind = type_kind::pointer;
        made.size = pointer_size;
        made.target_ = &target;
        known = &made;
    }
    return *known;
}

const type* type_table::find_definition(Dwarf_Die declaration, type_kind kind) {
    for (const auto* one : names_.find_path(qualified_name(declaration))) {
        if (one->kind == name_kind::type && one->die.at != declaration.addr &&
            kind_of(one->die.die()) == kind) {
            return &get(one->die.die());
        }
    }
    return nullptr;
}

std::unique_ptr<type_details> type_table::read_details(Dwarf_Die die) {
    auto made = std::make_unique<type_details>();
    const auto name_of = [](Dwarf_Die one) {
        const char* const name = own_name(one);
        return std::string{name != nullptr ? name : ""};
    };
    for_each_child(die, [&](Dwarf_Die child, void*) {
        switch (dwarf_tag(&child)) {
            case DW_TAG_member: {
                if (has_flag(child, DW_AT_external) || has_flag(child, DW_AT_declaration)) {
                    made->statics.push_back({name_of(child), child});
                    break;
                }
                const auto* const of = get(type_of(child));
                if (of == nullptr) {
                    break;
                }
                const auto offset = number(child, DW_AT_data_member_location).value_or(0);
                const auto bits = number(child, DW_AT_bit_size).value_or(0);
                data_member member{name_of(child), of, offset, static_cast<unsigned>(bits), 0};
                if (const auto at = number(child, DW_AT_data_bit_offset)) {
                    member.offset = *at / 8;
                    member.bit_offset = static_cast<unsigned>(*at % 8);
                } else if (bits != 0) {  // DWARF 2 counts from the other end
                    const auto storage = number(child, DW_AT_byte_size).value_or(of->size) * 8;
                    const auto first =
                        offset * 8 + storage - bits - number(child, DW_AT_bit_offset).value_or(0);
                    member.offset = first / 8;
                    member.bit_offset = static_cast<unsigned>(first % 8);
                }
                made->members.push_back(std::move(member));
                break;
            }
            case DW_TAG_variable:
                made->statics.push_back({name_of(child), child});
                break;
            case DW_TAG_inheritance:
                if (const auto* const of = get(type_of(child))) {
                    made->bases.push_back(
                        {of, number(child, DW_AT_data_member_location), child});
                }
                break;
            case DW_TAG_template_type_parameter:
                made->arguments.push_back({get(type_of(child)), {}});
                break;
            case DW_TAG_template_value_parameter:
                made->arguments.push_back(
                    {get(type_of(child)), constant(child)});
                break;
            case DW_TAG_GNU_template_template_param:
                made->arguments.push_back({nullptr, {}});
                break;
            case DW_TAG_GNU_template_parameter_pack:
                for_each_child(child, [&](Dwarf_Die one, void*) {
                    made->arguments.push_back(
                        {get(type_of(one)), constant(one)});
                    return true;
                });
                break;
            case DW_TAG_enumerator:
                made->enumerators.push_back(
                    {name_of(child), constant(child).value_or(0)});
                break;
            case DW_TAG_subprogram:
                made->functions.push_back({name_of(child), child});
                break;
            case DW_TAG_formal_parameter:
                made->parameters.push_back(get(type_of(child)));
                break;
            case DW_TAG_structure_type:
            case DW_TAG_class_type:
            case DW_TAG_union_type:
            case DW_TAG_enumeration_type:
            case DW_TAG_typedef:
                if (own_name(child) != nullptr) {
                    made->types.push_back({name_of(child), child});
                }
                break;
            default:
                break;
        }
        return true;
    });
    return made;
}

const type& type_table::get(std::string_view name) {
    if (const auto* const found = find(name)) {
        return *found;
    }
    throw no_such_name{"there is no C++ type '" + std::string{name} + "' in the debug information"};
}

const type* type_table::find(std::string_view name) {
    constexpr std::string_view blanks = " \t";
    const auto trim = [&] {
        name.remove_prefix(std::min(name.find_first_not_of(blanks), name.size()));
        name = name.substr(0, name.find_last_not_of(blanks) + 1);
    };
    trim();
    for (const std::string_view word : {"const ", "struct ", "class ", "enum ", "union "}) {
        if (name.starts_with(word)) {
            name.remove_prefix(word.size());
            trim();
        }
    }
    if (name.ends_with(" const")) {
        name.remove_suffix(6);
        trim();
    }
    if (name.ends_with('*')) {
        const auto target = name.substr(0, name.size() - 1);
        const auto* const found = find(target);
        return found != nullptr ? &pointer_to(*found) : nullptr;
    }
    if (name.ends_with(']')) {
        const auto open = name.rfind('[');
        const auto* const element = open != std::string_view::npos ? find(name.substr(0, open)) : nullptr;
        const auto count = std::string{name.substr(open + 1)};
        return element != nullptr
                   ? &array_of(*element, std::strtoull(count.c_str(), nullptr, 0))
                   : nullptr;
    }
    for (const auto* one : names_.find_path(name)) {
        if (one->kind == name_kind::type) {
            return &get(one->die.die());
        }
    }
    // A type within a class.
    const auto parts = split_path(name);
    if (parts.size() < 2) {
        return nullptr;
    }
    const auto inner = parts.back();
    const auto* const outer = find(name.substr(0, name.size() - inner.size() - 2));
    const auto* const bare = outer != nullptr ? outer->bare() : nullptr;
    if (bare == nullptr || !bare->has_members()) {
        return nullptr;
    }
    for (const auto& one : bare->details().types) {
        if (one.name == inner) {
            return &get(one.die.die());
        }
    }
    return nullptr;
}

}  // namespace backdoor::reflect
