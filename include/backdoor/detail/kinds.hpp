// Which kind of thing a C++ type is at the prompt. Included by value.hpp.
#pragma once

#include <atomic>
#include <chrono>

namespace backdoor::detail {

template <class T>
concept string_like = std::convertible_to<const T&, std::string_view>;

/// std::filesystem::path, which is a range of itself.
template <class T>
concept path_like = requires(const T& path) {
    { path.native() } -> std::convertible_to<std::string_view>;
    path.lexically_normal();
};

template <class T>
concept map_like = std::ranges::range<T> && requires {
    typename T::key_type;
    typename T::mapped_type;
};

/// A map that has each key once.
template <class T>
concept mapping_like =
    map_like<T> && requires(T& map, const typename T::key_type& key) { map.at(key); };

template <class T>
concept set_like = std::ranges::range<T> && !map_like<T> && requires { typename T::key_type; };

template <class T>
concept tuple_like = !std::ranges::range<T> && requires { std::tuple_size<T>::value; };

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <class... A, template <class...> class Template>
inline constexpr bool is_a<Template<A...>, Template> = true;

template <class T>
inline constexpr bool is_optional = is_a<T, std::optional>;

/// What leads to one other object, or none, and may change which.
template <class T>
concept pointer_like =
    !string_like<T> && (is_optional<T> || is_a<T, std::unique_ptr> || is_a<T, std::shared_ptr> ||
                        (std::is_pointer_v<T> && std::is_object_v<std::remove_pointer_t<T>>));

template <class F>
struct signature : signature<decltype(&F::operator())> {};
template <class R, class... A>
struct signature<R (*)(A...)> {
    using result = R;
    using parameters = std::tuple<std::remove_cvref_t<A>...>;
};
template <class R, class... A>
struct signature<R (*)(A...) noexcept> : signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct signature<R (C::*)(A...)> : signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct signature<R (C::*)(A...) const> : signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct signature<R (C::*)(A...) noexcept> : signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct signature<R (C::*)(A...) const noexcept> : signature<R (*)(A...)> {};

template <class F>
concept typed_callable =
    std::is_function_v<std::remove_pointer_t<F>> || requires { &F::operator(); };

template <class All>
struct without_first;
template <class First, class... Rest>
struct without_first<std::tuple<First, Rest...>> {
    using type = std::tuple<Rest...>;
};

/// What a call of F with an object takes beside that one.
template <class F>
struct behind_object {
    using type = typename without_first<typename signature<F>::parameters>::type;
};
template <class F>
    requires std::is_member_function_pointer_v<F>
struct behind_object<F> {
    using type = typename signature<F>::parameters;
};

template <class T, class F, class Parameters>
inline constexpr bool is_called_with = false;
template <class T, class F, class... P>
inline constexpr bool is_called_with<T, F, std::tuple<P...>> = std::is_invocable_v<const F&, T, P...>;
template <class T, class F>
inline constexpr bool is_called_with_const =
    is_called_with<const T&, F, typename behind_object<F>::type>;

/// Looked at where it is; all else is a value, of which Python has a copy.
template <class T>
concept with_parts = described<T> || (std::ranges::range<T> && !string_like<T> && !path_like<T>);

template <class T>
constexpr shape shape_of() {
    if constexpr (described<T>) {
        return shape::record;
    } else if constexpr (mapping_like<T>) {
        return shape::mapping;
    } else if constexpr (set_like<T> || map_like<T>) {
        return shape::elements;
    } else {
        return shape::sequence;
    }
}

template <with_parts T>
const description* description_of() {
    if constexpr (described<T>) {
        return &members_of<T>().about();
    } else {
        static const auto& only = *new description{type_name(typeid(T)), {}, shape_of<T>()};
        return &only;
    }
}

/// What looking at a T gives, behind pointers.
template <class T>
constexpr auto described_by() -> const description* (*)() {
    using U = std::remove_cvref_t<T>;
    if constexpr (with_parts<U>) {
        return &description_of<U>;
    } else if constexpr (pointer_like<U>) {
        return described_by<decltype(*std::declval<U&>())>();
    } else if constexpr (is_a<U, std::weak_ptr>) {
        return described_by<typename U::element_type>();
    } else {
        return nullptr;
    }
}

}  // namespace backdoor::detail
