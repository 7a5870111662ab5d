// The names of an enumeration's values, without a list of them. Included by describe.hpp.
#pragma once

#include <array>
#include <limits>

namespace backdoor::detail {

/// How the compiler writes the value: "ns::side::buy", or "(ns::side)5" where it has no name.
template <class E, E V>
constexpr std::string_view enumerator_text() {
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.rfind("V = ") + 4);
    return text.substr(0, text.find_first_of(";]"));
}

/// Empty where there is none.
constexpr std::string_view last_name_in(std::string_view text) {
    const auto is_part = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    std::size_t begin = text.size();
    while (begin > 0 && is_part(text[begin - 1])) {
        --begin;
    }
    text.remove_prefix(begin);
    return text.empty() || (text[0] >= '0' && text[0] <= '9') ? std::string_view{} : text;
}

// gcc warns of numbers that an enumeration without a fixed type does not reach; nothing is made of them.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"

// Without a fixed underlying type, compilers refuse numbers that no value of the type can have.
template <class E, auto V, class = void>
inline constexpr bool is_number_of = false;
template <class E, auto V>
inline constexpr bool
    is_number_of<E, V, std::void_t<std::integral_constant<E, static_cast<E>(V)>>> = true;

inline constexpr int least_enumerator = -16;
inline constexpr int small_enumerators = 272;  // up to 255
inline constexpr int enumerators_tried = small_enumerators + 23;

/// -16 to 255, then the powers of two up to 2^30: what enumerations have, but for rare ones.
constexpr std::int64_t enumerator_tried(int position) {
    return position < small_enumerators
               ? least_enumerator + position
               : std::int64_t{1} << (position - small_enumerators + 8);
}

template <class E, std::int64_t V>
constexpr std::string_view enumerator_name() {
    if constexpr (std::in_range<std::underlying_type_t<E>>(V)) {
        constexpr auto number = static_cast<std::underlying_type_t<E>>(V);
        if constexpr (is_number_of<E, number>) {
            return last_name_in(enumerator_text<E, static_cast<E>(number)>());
        }
    }
    return {};
}

#pragma GCC diagnostic pop

template <class E>
constexpr auto enumerator_names() {
    return []<int... Position>(std::integer_sequence<int, Position...>) {
        return std::array<std::string_view, enumerators_tried>{
            enumerator_name<E, enumerator_tried(Position)>()...};
    }(std::make_integer_sequence<int, enumerators_tried>{});
}

template <class E>
const enumeration& enumeration_of() {
    // Never destroyed: consoles that were left to themselves may outlive main().
    static const auto& only = *[] {
        static constexpr auto names = enumerator_names<E>();
        auto* const all = new enumeration{type_name(typeid(E)), {}};
        for (int i = 0; i < enumerators_tried; ++i) {
            if (const auto name = names[static_cast<std::size_t>(i)]; !name.empty()) {
                all->enumerators.emplace_back(name, enumerator_tried(i));
            }
        }
        return all;
    }();
    return only;
}

}  // namespace backdoor::detail
