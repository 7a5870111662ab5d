// How a backdoor::value becomes a C++ type, and how functions are called with them. Included by value.hpp.
#pragma once

#include <backdoor/error.hpp>

#include <cmath>
#include <limits>

namespace backdoor::detail {

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
T argument(const std::vector<const value*>& given, std::size_t position) {
    if (position >= given.size() || given[position] == nullptr) {
        if constexpr (is_optional<T>) {
            return T{};
        }
    }
    try {
        return given[position]->template as<T>();
    } catch (const bad_argument& failure) {
        throw bad_argument{"argument " + std::to_string(position + 1) + ": " + failure.what()};
    }
}

/// The arguments in the order of the parameters, null where there is none.
inline std::vector<const value*> in_order(const arguments& given,
                                          const std::vector<parameter>& parameters,
                                          std::size_t least, std::size_t most) {
    if (!given.keywords.empty() && parameters.empty()) {
        throw bad_argument{"takes no keyword arguments"};
    }
    if (given.positional.size() > most || (given.keywords.empty() && given.positional.size() < least)) {
        throw bad_argument{count_text(least, most, given.positional.size())};
    }
    std::vector<const value*> all;
    for (const auto& one : given.positional) {
        all.push_back(&one);
    }
    all.resize(most);
    for (const auto& [name, one] : given.keywords) {
        std::size_t position = 0;
        while (position < most && parameters[position].name != name) {
            ++position;
        }
        if (position == most) {
            throw bad_argument{"has no parameter '" + name + "'"};
        }
        if (all[position] != nullptr) {
            throw bad_argument{"'" + name + "' is given twice"};
        }
        all[position] = &one;
    }
    for (std::size_t i = 0; i < least; ++i) {
        if (all[i] == nullptr) {
            throw bad_argument{"'" + parameters[i].name + "' is missing"};
        }
    }
    return all;
}

/// Calls f with the arguments as these types.
template <class F, class... P>
value call_as(F&& f, const arguments& given, const std::vector<parameter>& parameters,
              const std::tuple<P...>* types) {
    const auto all = in_order(given, parameters, required_count(types), sizeof...(P));
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        if constexpr (std::is_void_v<std::invoke_result_t<F, P...>>) {
            f(argument<P>(all, I)...);
            return value{};
        } else {
            return value{f(argument<P>(all, I)...)};
        }
    }(std::index_sequence_for<P...>{});
}

template <class... P>
std::vector<parameter> named_parameters(std::initializer_list<const char*> names,
                                        const std::tuple<P...>* types) {
    if (names.size() == 0) {
        return {};
    }
    if (names.size() != sizeof...(P)) {
        throw error{"backdoor: " + std::to_string(names.size()) + " names for " +
                    std::to_string(sizeof...(P)) + " parameters"};
    }
    std::vector<parameter> all;
    for (const auto* name : names) {
        all.push_back({name, all.size() >= required_count(types)});
    }
    return all;
}

template <class F>
value call_with(F& f, const arguments& given, const std::vector<parameter>& parameters) {
    using types = typename signature<F>::parameters;
    if constexpr (std::same_as<types, std::tuple<arguments>>) {
        return value{f(given)};
    } else {
        return call_as(f, given, parameters, static_cast<const types*>(nullptr));
    }
}

template <class F>
std::shared_ptr<const function> make_function(F f, std::string name, std::string documentation,
                                              std::initializer_list<const char*> names = {}) {
    auto parameters = named_parameters(
        names, static_cast<const typename signature<F>::parameters*>(nullptr));
    auto call = [f = std::move(f), parameters](const arguments& given) mutable {
        return call_with(f, given, parameters);
    };
    return std::make_shared<const function>(
        function{std::move(name), std::move(documentation), std::move(call), std::move(parameters)});
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
    if (const auto* one = std::get_if<enumerator>(&content)) {
        return to_integer<T>(one->number);
    }
    if (const auto* truth = std::get_if<bool>(&content)) {
        return static_cast<T>(*truth);
    }
    mismatch("an integer");
}

/// From its name or its number.
template <class E>
E to_enumerator(const value::storage& content) {
    const auto* const name = std::get_if<std::string>(&content);
    if (name == nullptr) {
        return static_cast<E>(to_integer<std::underlying_type_t<E>>(content));
    }
    std::string known;
    for (const auto& [each, number] : enumeration_of<E>().enumerators) {
        if (each == *name) {
            return static_cast<E>(number);
        }
        known += (known.empty() ? "'" : ", '") + each + "'";
    }
    mismatch(("an integer or one of " + known).c_str());
}

/// From a timedelta, or a number of seconds.
template <class D>
D to_duration(const value::storage& content) {
    double seconds = 0;
    if (const auto* const span = std::get_if<time_span>(&content); span != nullptr && !span->is_date) {
        seconds = static_cast<double>(span->count) * static_cast<double>(span->numerator) /
                  static_cast<double>(span->denominator);
    } else if (const auto* const number = std::get_if<double>(&content)) {
        seconds = *number;
    } else if (const auto* const whole = std::get_if<std::int64_t>(&content)) {
        seconds = static_cast<double>(*whole);
    } else {
        mismatch("a datetime.timedelta or a number of seconds");
    }
    using wide = std::chrono::duration<double, typename D::period>;
    const auto count = std::chrono::duration_cast<wide>(std::chrono::duration<double>{seconds}).count();
    using rep = typename D::rep;
    if constexpr (std::integral<rep>) {
        if (!(count >= -9e18 && count <= 9e18) ||
            !std::in_range<rep>(static_cast<std::int64_t>(count))) {
            mismatch("a shorter time");
        }
        return D{static_cast<rep>(std::llround(count))};
    } else {
        return D{static_cast<rep>(count)};
    }
}

}  // namespace backdoor::detail

namespace backdoor {

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
        return detail::to_enumerator<T>(content_);
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
    } else if constexpr (detail::is_a<T, std::chrono::duration>) {
        return detail::to_duration<T>(content_);
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
