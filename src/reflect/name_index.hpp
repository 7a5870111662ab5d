// All names that a program has outside of its functions, in the order of scopes.
#pragma once

#include "reflect/debug_files.hpp"
#include "reflect/die.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace backdoor::reflect {

using scope_id = std::uint32_t;
inline constexpr scope_id global_scope = 0;

/// What a name stands for.
enum class name_kind : std::uint8_t {
    scope,     ///< a namespace, or a class with static members
    variable,
    function,
    type,
};

struct name_entry {
    const char* name;  ///< points into the file, or into the index
    die_handle die;    ///< none for a scope
    scope_id parent;
    scope_id scope;  ///< that it is, if it is one; of a function 1 for what is common to its instances
    name_kind kind;
};

/// Filled once by build_index(); then only read. A tree of namespaces whose leaves are types,
/// variables and functions; what is inside of those is read when it is asked for.
class name_index {
public:
    /// The entries of one scope with that name; those of its anonymous and inline namespaces count
    /// as its own.
    std::vector<const name_entry*> find(scope_id scope, std::string_view name) const;
    /// The entries of "ns::inner::name"; template arguments may have spaces where others have none.
    std::vector<const name_entry*> find_path(std::string_view path) const;

    /// The scopes that a path stands for; "" is the global one.
    std::vector<scope_id> scopes_of(std::string_view path) const;
    /// All there is, with the scope it is in, until f returns false.
    void for_all(const std::function<bool(scope_id, const name_entry&)>& f) const;
    /// All entries of a scope, each name once or more, in order.
    void for_each(scope_id scope, const std::function<void(const name_entry&)>& f) const;

    /// "ns::inner", as it is written.
    std::string path_of(scope_id scope) const;

    std::size_t size() const { return entries_.size(); }
    /// Whether the program itself, as opposed to its libraries, has debug information; -g1 is none.
    bool program_has_types() const { return program_has_types_; }
    /// Names were left out, there being more than `max_names`.
    bool is_cut() const { return is_cut_; }

    static constexpr std::size_t max_names = 8'000'000;

private:
    friend class index_builder;

    struct scope_info {
        const char* name;
        scope_id parent;
        bool is_transparent;
    };

    std::pair<std::size_t, std::size_t> range_of(scope_id scope) const;

    std::vector<name_entry> entries_;  // ordered by scope, name, kind
    std::vector<scope_info> scopes_{{"", global_scope, false}};
    std::vector<std::vector<scope_id>> transparent_{1};  // of each scope
    std::deque<std::string> strings_;                    // names that no file has as they are
    bool program_has_types_ = false;
    bool is_cut_ = false;
};

/// Adds the names of all files from the `first` on. Takes about 8 ms for each megabyte of their debug
/// information.
name_index build_index(debug_files& files, std::size_t first, name_index known);

/// "a::b<c::d>::e" as a, b<c::d> and e.
std::vector<std::string_view> split_path(std::string_view path);

inline constexpr const char* anonymous_namespace = "(anonymous namespace)";

}  // namespace backdoor::reflect
