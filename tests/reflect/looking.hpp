// This program, as its debug information shows it.
#pragma once

#include "reflect/program.hpp"
#include "specimen.hpp"

#include <string>
#include <string_view>

namespace backdoor::reflect::test {

/// Its names, read once, and its specimens filled.
inline reflection& this_program() {
    static auto& all = [&]() -> reflection& {
        static program only;
        specimen::prepare();
        only.load();
        return only;
    }();
    return all;
}

inline object find_object(std::string_view path) {
    return std::get<object>(this_program().find(path));
}

inline object member_of(const object& of, std::string_view name) {
    return std::get<object>(this_program().member(of, name));
}

/// The member of specimen::the_server, or of a member of it: "both.inner".
inline object find_member(std::string_view path) {
    auto at = find_object("specimen::the_server");
    while (!path.empty()) {
        const auto dot = path.find('.');
        at = member_of(at, path.substr(0, dot));
        path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    }
    return at;
}

/// As `path`: from the global scope where it begins with "::", else a member.
inline std::string shown(std::string_view path) {
    const auto at = path.starts_with("::") ? find_object(path.substr(2)) : find_member(path);
    return this_program().describe(at, {});
}

/// What the exception says that f throws.
template <class Error, class F>
std::string told(F f) {
    try {
        f();
    } catch (const Error& failure) {
        return failure.what();
    }
    return "nothing was thrown";
}

}  // namespace backdoor::reflect::test
