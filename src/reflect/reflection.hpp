// What the plugin offers: every C++ object of the process, without bindings. Neither Python nor libdw
// is seen here.
#pragma once

#include "reflect/error.hpp"
#include "reflect/object.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace backdoor::reflect {

/// A namespace, by its path; empty: the global one.
struct scope {
    std::string path;
};

/// A function, by its name.
struct function_name {
    std::string path;
};

/// What a name stands for.
using named = std::variant<object, content, const type*, scope, function_name>;

/// A function that can be called, and how.
struct callable {
    std::string name;
    address at;
    std::vector<const type*> parameters;  ///< of a member function `this` first
    const type* result;                   ///< null: void
    bool is_member;
};

/// What goes in or comes out in a register: a number, the sign in all bits that it does not have itself; a
/// float's bits are the lower ones.
struct in_register {
    std::uint64_t bits;
    bool is_real;  ///< of those that floating point has for itself
};

/// Goes through a container.
class cursor {
public:
    virtual ~cursor() = default;
    /// At most so many of the elements that come next: keys and values, of what is no mapping the
    /// values alone, with std::monostate before. Empty: there are no more.
    /// Throws inconsistent where the container changes so that there is no going on.
    virtual std::vector<std::pair<content, content>> next(std::size_t most) = 0;
};

/// How much a text shows.
struct text_limits {
    int depth = 3;
    std::size_t elements = 10;       ///< of each container
    std::size_t string = 200;        ///< bytes of each string
    std::size_t characters = 4'000;  ///< of all
};

/// All members but load() throw the errors of error.hpp. None waits for anything, runs any code of the
/// host, or writes, but for write(). Thread safety: none; one call at a time.
class reflection {
public:
    virtual ~reflection() = default;

    /// Finds and reads the names of all debug information; takes up to ten milliseconds for each
    /// megabyte of it. Called again it adds those of files that were loaded since. Throws not_available where this process cannot be looked at, at all.
    virtual void load() = 0;
    /// No file was loaded or unloaded since load().
    virtual bool is_current() const = 0;
    /// One line: what was read, and what could not be.
    virtual std::string summary() const = 0;

    // ---- names ----------------------------------------------------------------------------

    /// "ns::name", of a variable, a static member, a type, a function (with what stands before: a
    /// static variable of it) or a namespace. "file.cpp:ns::name" is the one of that source file.
    virtual named find(std::string_view path) = 0;
    /// What can follow a namespace or function, "" for the global scope.
    virtual std::vector<std::string> names_in(std::string_view path) = 0;
    /// A class's static members, functions and types.
    virtual named find_in(const type& of, std::string_view name) = 0;
    virtual std::vector<std::string> names_in(const type& of) = 0;
    /// The full names that match a shell pattern, at most so many.
    virtual std::vector<std::string> search(std::string_view pattern, std::size_t most) = 0;

    // ---- objects --------------------------------------------------------------------------

    virtual content read(const object& of) = 0;
    /// A data member, or a function_name.
    virtual named member(const object& of, std::string_view name) = 0;
    virtual std::vector<std::string> members(const object& of) = 0;
    /// What a pointer points to, as what it is: the dynamic type's.
    virtual object pointee(const object& pointer, std::int64_t index = 0) = 0;
    /// Elements of a sequence, elements or mapping.
    virtual std::uint64_t length(const object& of) = 0;
    virtual content element(const object& of, std::uint64_t index) = 0;
    /// The value of a mapping's key: within, none where there is no such key; none at all where
    /// that takes going through all.
    virtual std::optional<std::optional<content>> find_key(const object& of, const content& key) = 0;
    virtual std::unique_ptr<cursor> iterate(const object& of) = 0;
    /// The object as one of its base classes.
    virtual object base(const object& of, std::string_view name) = 0;

    // ---- types ----------------------------------------------------------------------------

    virtual const type& find_type(std::string_view name) = 0;
    virtual object at(address where, const type& of) = 0;
    virtual std::string name_of(const type& of) = 0;
    virtual std::uint64_t size_of(const type& of) = 0;
    virtual std::vector<std::pair<std::string, std::int64_t>> enumerators(const type& of) = 0;

    // ---- text -----------------------------------------------------------------------------

    /// As an expression: "ns::Server(port=80, sessions=[...])".
    virtual std::string describe(const object& of, const text_limits& limits) = 0;
    /// A line for each member, indented, with addresses and types.
    virtual std::string tree(const object& of, const text_limits& limits) = 0;
    /// Offsets, sizes, and what lies unused between.
    virtual std::string layout(const type& of) = 0;

    // ---- writing --------------------------------------------------------------------------

    using scalar = std::variant<bool, std::int64_t, std::uint64_t, double>;
    /// Into a number, an enumeration, a pointer. Throws std::invalid_argument for what does not fit.
    virtual void write(const object& to, const scalar& what) = 0;

    // ---- calling --------------------------------------------------------------------------

    /// The functions of that path, overloads too; with an object those that its class or a base has of that
    /// name, and it becomes the part of itself that they take for `this`. Throws not_available where none
    /// can be called.
    virtual std::vector<callable> callables(std::string_view name, std::optional<object>& self) = 0;
    /// An argument. Throws std::invalid_argument, with the reason alone, also for what goes in no single register.
    virtual in_register argument(const type& of, const scalar& what) = 0;
    /// An object, for a pointer or reference to it or to a base. Throws std::invalid_argument.
    virtual in_register argument(const type& of, const object& what) = 0;
    /// Whether results of that type come back like that; null: void. Throws std::invalid_argument where they
    /// come back in no single register.
    virtual bool returns_real(const type* of) = 0;
    /// What came back. A pointer or reference is what it points to.
    virtual content result(const type* of, std::uint64_t bits) = 0;

    // ---- the process ----------------------------------------------------------------------

    /// Objects of a class with virtual functions, and of those derived from it, anywhere in memory that
    /// can be written: by their vtable pointers, so that one that has ended, and whose memory nobody
    /// has used since, may be among them. Throws std::length_error after the time, or so many.
    virtual std::vector<object> instances(const type& of, std::chrono::milliseconds limit,
                                          std::size_t most) = 0;

    /// Objects of a class, and of those derived from it, whose member functions threads are in that wait in
    /// the kernel: of each thread the functions it will come back to, as far as its stack can be followed.
    /// Nobody is stopped. Throws not_available where there are none, std::length_error after the time.
    virtual std::vector<object> this_of(const type& of, std::chrono::milliseconds limit) = 0;

    /// From now on memory is that of this process, a copy of our own; 0: our own.
    virtual void look_into(int process) = 0;
};

/// What the plugin gives when it is loaded; it and the library are always of one build.
using create_reflection_function = reflection*();

}  // namespace backdoor::reflect
