// Makes types of entries of debug information.
#pragma once

#include "reflect/name_index.hpp"
#include "reflect/type.hpp"

#include <deque>
#include <unordered_map>

namespace backdoor::reflect {

/// Each type once; none is ever removed. Thread safety: none.
class type_table {
public:
    explicit type_table(const name_index& names) : names_{names} {}
    type_table(const type_table&) = delete;
    type_table& operator=(const type_table&) = delete;

    /// Of a declaration its definition, where that is known.
    const type& get(Dwarf_Die die);
    /// Null for void.
    const type* get(const std::optional<Dwarf_Die>& die);
    /// By its name: "ns::Server", "ns::Server*", "const char*", "int[4]". Throws no_such_name.
    const type& get(std::string_view name);

    const type& pointer_to(const type& target);
    const type& array_of(const type& element, std::uint64_t count);

    /// What is declared only may be defined by what has been loaded since.
    void forget_declarations();

    /// The names of the scopes that an entry stands in, and its own.
    std::string qualified_name(Dwarf_Die die);

private:
    friend struct type;

    const type& read(Dwarf_Die die);
    void read_array(type& made, Dwarf_Die die);
    const type* find_definition(Dwarf_Die declaration, type_kind kind);
    std::string make_name(const type& of, int depth);
    std::unique_ptr<type_details> read_details(Dwarf_Die die);
    const type* find(std::string_view name);

    /// The entry that each entry of a unit stands in, in the order of addresses.
    using parents = std::vector<std::pair<const void*, const void*>>;
    const parents& parents_in(Dwarf_CU* unit);

    const name_index& names_;
    std::deque<type> all_;
    std::unordered_map<const void*, const type*> by_die_;
    std::unordered_map<const type*, const type*> pointers_;
    std::unordered_map<Dwarf_CU*, parents> parents_;
};

}  // namespace backdoor::reflect
