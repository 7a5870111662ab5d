// Classes of the standard library that are one value: strings, optionals, smart pointers and so on.
#pragma once

#include "reflect/inspector.hpp"

namespace backdoor::reflect {

/// As a value, where `of` is such a class; else as a view of a container or of members. Of libstdc++
/// and libc++. Throws not_available where the class has another size than the one that is known.
content read_std_value(inspector& with, const type& of, const object& at);

/// Throws not_available where a class has not the size in bytes that its library gives it.
void require_size(const type& of, std::uint64_t size);
/// A class of LLVM's standard library.
bool is_libcxx(const type& of);
/// The type that is its template argument with that number. Throws not_available.
const type& argument(const type& of, std::size_t number);
std::uint64_t aligned(std::uint64_t offset, std::uint64_t alignment);

}  // namespace backdoor::reflect
