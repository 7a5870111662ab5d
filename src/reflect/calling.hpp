// What goes into a call and what comes back.
#pragma once

#include "reflect/functions.hpp"

namespace backdoor::reflect {

/// For these see reflection.
std::vector<callable> find_callables(inspector& with, functions& code, std::string_view name,
                                     std::optional<object>& self);
in_register argument_of(const type& of, const reflection::scalar& what);
in_register argument_of(inspector& with, const type& of, const object& what);
content result_of(inspector& with, const type* of, std::uint64_t bits);

/// Whether it goes in one of the registers that floating point has. Throws std::invalid_argument for
/// what goes in none by itself.
bool is_real(const type& of);

}  // namespace backdoor::reflect
