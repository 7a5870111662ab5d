// How C++ types become a backdoor::value and come back. Included by value.hpp.
#pragma once

#include <limits>

namespace backdoor::detail {

template <class T>
concept string_like = std::convertible_to<const T&, std::string_view>;

template <class T>
concept map_like = std::ranges::range<T> && requires {
    typename T::key_type;
    typename T::mapped_type;
};

template <class T>
concept tuple_like = !std::ranges::range<T> && requires { std::tuple_size<T>::value; };

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class F>
struct signature : signature<decltype(&F::operator())> {};
template <class R, class... A>
struct signature<R (*)(A...)> {
    using result = R;
    using parameters = std::tuple<std::remove_cvref_t<A>...>;
};
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

/// How many parameters a call must give: those at the end that are optional may be left out.
template <class... P>
constexpr std::size_t required_count(const std::tuple<P...>*) {
    std::size_t position = 0;
    std::size_t required = 0;
    ((++position, required = is_optional<P> ? required : position), ...);
    return required;
}

inline std::string count_text(std::size_t least, std::size_t most, std::size_t given) {
    const auto range =
        least == most ? std::to_string(most) : std::to_string(least) + " to " + std::to_string(most);
    return "takes " + range + (most == 1 ? " argument (" : " arguments (") + std::to_string(given) +
           " given)";
}

template <class T>
T argument(const arguments& given, std::size_t position) {
    if constexpr (is_optional<T>) {
        if (position >= given.positional.size()) {
            return T{};
        }
    }
    try {
        return given.positional[position].template as<T>();
    } catch (const bad_argument& failure) {
        throw bad_argument{"argument " + std::to_string(position + 1) + ": " + failure.what()};
    }
}

template <class F>
value call_with(F& f, const arguments& given) {
    using result = typename signature<F>::result;
    using parameters = typename signature<F>::parameters;
    if constexpr (std::same_as<parameters, std::tuple<arguments>>) {
        return value{f(given)};
    } else {
        constexpr std::size_t most = std::tuple_size_v<parameters>;
        constexpr std::size_t least = required_count(static_cast<const parameters*>(nullptr));
        if (!given.keywords.empty()) {
            throw bad_argument{"takes no keyword arguments"};
        }
        if (given.positional.size() < least || given.positional.size() > most) {
            throw bad_argument{count_text(least, most, given.positional.size())};
        }
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            if constexpr (std::is_void_v<result>) {
                f(argument<std::tuple_element_t<I, parameters>>(given, I)...);
                return value{};
            } else {
                return value{f(argument<std::tuple_element_t<I, parameters>>(given, I)...)};
            }
        }(std::make_index_sequence<most>{});
    }
}

template <class F>
std::shared_ptr<const function> make_function(F f, std::string name, std::string documentation) {
    return std::make_shared<const function>(
        function{std::move(name), std::move(documentation),
                 [f = std::move(f)](const arguments& given) mutable {
                     return call_with(f, given);
                 }});
}

template <class T>
value::storage store(T&& source) {
    using U = std::remove_cvref_t<T>;
    if constexpr (std::same_as<U, bool>) {
        return source;
    } else if constexpr (std::is_enum_v<U>) {
        return static_cast<std::int64_t>(source);
    } else if constexpr (std::unsigned_integral<U>) {
        return static_cast<std::uint64_t>(source);
    } else if constexpr (std::integral<U>) {
        return static_cast<std::int64_t>(source);
    } else if constexpr (std::floating_point<U>) {
        return static_cast<double>(source);
    } else if constexpr (std::constructible_from<value::storage, T> &&
                         (std::same_as<U, bytes> || std::same_as<U, list> ||
                          std::same_as<U, tuple> || std::same_as<U, dict> ||
                          std::same_as<U, std::shared_ptr<const function>>)) {
        return value::storage{std::forward<T>(source)};
    } else if constexpr (string_like<U>) {
        return std::string{std::string_view{source}};
    } else if constexpr (is_optional<U>) {
        return source ? value{*std::forward<T>(source)}.content() : value::storage{};
    } else if constexpr (map_like<U>) {
        dict items;
        for (auto&& [key, item] : source) {
            items.emplace_back(value{key}, value{item});
        }
        return items;
    } else if constexpr (std::ranges::range<U>) {
        list items;
        for (auto&& item : source) {
            items.emplace_back(static_cast<std::ranges::range_value_t<U>>(item));
        }
        return items;
    } else if constexpr (tuple_like<U>) {
        tuple items;
        std::apply([&](auto&&... item) { (items.items.emplace_back(value{item}), ...); }, source);
        return items;
    } else if constexpr (typed_callable<std::decay_t<T>>) {
        return make_function<std::decay_t<T>>(std::forward<T>(source), "", "");
    } else {
        static_assert(std::same_as<U, void>, "this type has no Python counterpart yet");
    }
}

[[noreturn]] inline void mismatch(const char* wanted) {
    throw bad_argument{std::string{"expected "} + wanted};
}

template <std::integral T>
T to_integer(const value::storage& content) {
    if (const auto* number = std::get_if<std::int64_t>(&content)) {
        if (std::in_range<T>(*number)) {
            return static_cast<T>(*number);
        }
        mismatch("an integer in the parameter's range");
    }
    if (const auto* number = std::get_if<std::uint64_t>(&content)) {
        if (std::in_range<T>(*number)) {
            return static_cast<T>(*number);
        }
        mismatch("an integer in the parameter's range");
    }
    if (const auto* truth = std::get_if<bool>(&content)) {
        return static_cast<T>(*truth);
    }
    mismatch("an integer");
}

}  // namespace backdoor::detail

namespace backdoor {

template <class T>
    requires(!std::same_as<std::remove_cvref_t<T>, value> &&
             !std::same_as<std::remove_cvref_t<T>, value::storage>)
value::value(T&& source) : content_{detail::store(std::forward<T>(source))} {}

template <class T>
T value::as() const {
    if constexpr (std::same_as<T, value>) {
        return *this;
    } else if constexpr (std::same_as<T, bool>) {
        if (const auto* truth = std::get_if<bool>(&content_)) {
            return *truth;
        }
        detail::mismatch("True or False");
    } else if constexpr (std::integral<T>) {
        return detail::to_integer<T>(content_);
    } else if constexpr (std::is_enum_v<T>) {
        return static_cast<T>(detail::to_integer<std::underlying_type_t<T>>(content_));
    } else if constexpr (std::floating_point<T>) {
        if (const auto* number = std::get_if<double>(&content_)) {
            return static_cast<T>(*number);
        }
        if (const auto* number = std::get_if<std::int64_t>(&content_)) {
            return static_cast<T>(*number);
        }
        if (const auto* number = std::get_if<std::uint64_t>(&content_)) {
            return static_cast<T>(*number);
        }
        detail::mismatch("a number");
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
        if (const auto* text = std::get_if<std::string>(&content_)) {
            return T{*text};
        }
        detail::mismatch("a string");
    } else if constexpr (detail::is_optional<T>) {
        return is_none() ? T{} : T{as<typename T::value_type>()};
    } else if constexpr (detail::map_like<T>) {
        const auto* items = std::get_if<dict>(&content_);
        if (items == nullptr) {
            detail::mismatch("a dict");
        }
        T result;
        for (const auto& [key, item] : *items) {
            result.emplace(key.template as<typename T::key_type>(), item.template as<typename T::mapped_type>());
        }
        return result;
    } else if constexpr (std::ranges::range<T>) {
        const auto* items = std::get_if<list>(&content_);
        if (items == nullptr) {
            if (const auto* fixed = std::get_if<tuple>(&content_)) {
                items = &fixed->items;
            } else {
                detail::mismatch("a list");
            }
        }
        T result;
        for (const auto& item : *items) {
            result.insert(result.end(), item.template as<std::ranges::range_value_t<T>>());
        }
        return result;
    } else if constexpr (std::same_as<T, bytes>) {
        if (const auto* raw = std::get_if<bytes>(&content_)) {
            return *raw;
        }
        detail::mismatch("bytes");
    } else {
        static_assert(std::same_as<T, void>, "this type cannot come from Python yet");
    }
}

}  // namespace backdoor
