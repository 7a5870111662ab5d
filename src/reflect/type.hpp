// C++ types, as debug information tells of them.
#pragma once

#include "reflect/die.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor::reflect {

class type_table;
struct type;

enum class type_kind {
    boolean,
    character,
    integer,
    unsigned_integer,
    floating,
    enumeration,
    pointer,
    reference,
    member_pointer,
    array,
    record,  ///< a class, a struct
    union_,
    function,
    alias,  ///< a typedef, const, volatile
    other,
};

struct data_member {
    std::string name;  ///< empty: an anonymous union or struct
    const type* of;
    std::uint64_t offset;
    unsigned bit_size = 0;  ///< 0: no bit-field
    unsigned bit_offset = 0;
};

struct base_class {
    const type* of;
    std::optional<std::uint64_t> offset;  ///< none: a virtual base, whose place is in the vtable
    die_handle die;
};

struct template_argument {
    const type* of;  ///< null: void, or a template
    std::optional<std::int64_t> value;
};

struct enumerator {
    std::string name;
    std::int64_t value;
};

/// A static data member, or a function.
struct named_die {
    std::string name;
    die_handle die;
};

struct type_details {
    std::vector<data_member> members;
    std::vector<base_class> bases;
    std::vector<template_argument> arguments;
    std::vector<enumerator> enumerators;
    std::vector<named_die> statics;
    std::vector<named_die> functions;
    std::vector<named_die> types;
    std::vector<const type*> parameters;  ///< of a function
};

/// Made by a type_table, in which it stays. What is expensive is read when it is first asked for.
struct type {
    type_table* table = nullptr;
    die_handle die;
    type_kind kind = type_kind::other;
    std::uint64_t size = 0;    ///< in bytes; 0: not known
    bool is_complete = true;   ///< else it is declared only: nothing is known but its name
    std::optional<std::uint64_t> count;  ///< of an array's elements, where it says so

    /// As C++ writes it, with all scopes and template arguments.
    const std::string& name() const;
    /// The same for reading: std::string, std::vector<int>.
    std::string short_name() const;
    /// Of a pointer, reference, array, alias, enumeration (its underlying type), function (its
    /// result). Null: void.
    const type* target() const;
    const type_details& details() const;
    /// Without typedef and const. Null for void.
    const type* bare() const;
    std::uint64_t alignment() const;
    bool has_members() const { return kind == type_kind::record || kind == type_kind::union_; }
    /// "std::map" of a std::map<...>, without inline namespaces; empty where it is not of std.
    std::string_view std_template() const;

private:
    friend class type_table;
    const type* element = nullptr;  // of an array within an array
    mutable std::optional<std::string> name_;
    mutable std::optional<const type*> target_;
    mutable std::unique_ptr<type_details> details_;
    mutable std::optional<std::string> std_template_;
    mutable std::uint64_t alignment_ = 0;
};

/// "std::map<int, std::string>" for the whole of what it stands for.
std::string shortened(std::string_view name);

}  // namespace backdoor::reflect
