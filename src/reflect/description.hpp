// Objects and types as text.
#pragma once

#include "reflect/inspector.hpp"
#include "reflect/reflection.hpp"

namespace backdoor::reflect {

std::string describe(inspector& with, const object& of, const text_limits& limits);
std::string tree_of(inspector& with, const object& of, const text_limits& limits);
std::string layout_of(const type& of);

/// As Python writes a string, cut at so many bytes.
std::string quoted(std::string_view text, std::size_t most);

}  // namespace backdoor::reflect
