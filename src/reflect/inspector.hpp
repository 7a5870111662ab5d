// Reads objects: members, pointers, values.
#pragma once

#include "reflect/object.hpp"
#include "reflect/type_table.hpp"

#include <optional>
#include <string_view>

namespace backdoor::reflect {

/// A member with its place in the whole object, inherited ones among them.
struct placed_member {
    const data_member* member;
    object what;
    bool is_inherited;
};

/// Thread safety: none.
class inspector {
public:
    inspector(memory& bytes, type_table& types, const name_index& names, const debug_files& files)
        : memory_{bytes}, types_{types}, names_{names}, files_{files} {}

    memory& bytes() { return memory_; }
    type_table& types() { return types_; }

    /// What there is at an address, as a value or as a view.
    content read(const object& of);

    /// Own members before inherited ones; those of anonymous unions as own.
    std::vector<placed_member> members(const object& of);
    std::optional<object> find_member(const object& of, std::string_view name);
    /// Virtual bases too, whose place is read from the object. Throws not_available.
    object base(const object& of, const base_class& one);
    std::optional<object> find_base(const object& of, std::string_view name, int depth = 0);

    /// The whole object of which this is a part, where it has a vtable that says so.
    object dynamic(const object& of);
    /// The name of the class whose vtable that is, and where its objects begin, seen from their pointer
    /// to it. Empty where it is none. Throws memory_error.
    std::pair<std::string, std::int64_t> class_of_vtable(address table);
    /// Throws memory_error for null.
    object pointee(const object& pointer, std::int64_t index);
    /// The name of the function or variable at an address.
    std::optional<debug_files::symbol> symbol_at(address at) const { return files_.symbol_at(at); }

private:
    void add_members(const object& of, bool inherited, int depth, std::vector<placed_member>& out);
    content read_number(const type& of, const object& at);
    content read_enumeration(const type& of, const object& at);
    content read_pointer(const type& of, const object& at);
    content read_member_pointer(const type& of, const object& at);
    std::optional<std::int64_t> offset_by_expression(const base_class& one, address at);

    memory& memory_;
    type_table& types_;
    const name_index& names_;
    const debug_files& files_;
};

/// Where an object that has virtual functions has its vtable pointer, directly or in a base.
std::optional<std::uint64_t> vtable_pointer(const type& of, int depth = 0);

/// Throws not_available where the type is declared only.
void require_complete(const type& of);
std::string hexadecimal(address at);

}  // namespace backdoor::reflect
