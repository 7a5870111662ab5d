// How C++ objects become values: copies of all that they are made of. Included by value.hpp.
#pragma once

#include <cstddef>

namespace backdoor::detail {

template <class T>
value look(const place<T>& at);
template <class T>
value watch(std::weak_ptr<T> object);

/// Makes copies; beyond its limits there stands a record of nothing, shown as "...".
class copier {
public:
    /// Of a function's result, of what is set(): all of it.
    copier() = default;
    /// Of what is shown: so deep, so many elements of each container; and what pointers lead to,
    /// while a std::shared_ptr's object else stays where it is.
    copier(int depth, std::size_t elements) : depth_{depth}, most_shown_{elements}, shows_{true} {}
    /// Of what is gone through: no more than so many elements in all. Throws std::length_error.
    explicit copier(std::size_t elements) : left_{elements} {}

    template <class T>
    value operator()(T&& source) {
        return value{content_of(std::forward<T>(source))};
    }

    template <class T>
    value::storage content_of(T&& source);

private:
    static copied_record left_out() { return {nullptr, {}}; }

    class nesting {
    public:
        explicit nesting(copier& of) : of_{of} { --of_.depth_; }
        nesting(const nesting&) = delete;
        nesting& operator=(const nesting&) = delete;
        ~nesting() { ++of_.depth_; }

    private:
        copier& of_;
    };

    /// One more element of a container that has given so many.
    bool has_room(std::size_t given) {
        if (left_-- == 0) {
            throw std::length_error{"too many elements for one look; take a part, as [:1000]"};
        }
        return given < most_shown_;
    }

    template <class T>
    value::storage pointee(const T& pointer);
    template <class T>
    value::storage parts(T&& source);
    template <class T>
    value::storage members(const T& source);
    template <class T>
    value::storage items(T&& source);

    int depth_ = 30;
    std::size_t most_shown_ = static_cast<std::size_t>(-1);
    std::size_t left_ = static_cast<std::size_t>(-1);
    bool shows_ = false;
};

template <class D>
time_span span_of(const D& duration, bool is_date) {
    if constexpr (std::integral<typename D::rep>) {
        return {static_cast<std::int64_t>(duration.count()), D::period::num, D::period::den, is_date};
    } else {
        const auto micros = std::chrono::duration<double, std::micro>{duration}.count();
        const auto fits = micros > -9e18 && micros < 9e18;
        return {fits ? std::llround(micros) : 0, 1, 1'000'000, is_date};
    }
}

template <class T>
value::storage copier::pointee(const T& pointer) {
    using E = std::remove_cvref_t<decltype(*pointer)>;
    if (!pointer) {
        return {};
    }
    if constexpr (is_a<T, std::shared_ptr> && with_parts<E>) {
        if (!shows_) {
            return watch(std::weak_ptr<E>{std::const_pointer_cast<E>(pointer)}).content();
        }
    }
    return content_of(*pointer);
}

template <class T>
value::storage copier::members(const T& source) {
    const auto& all = members_of<T>();
    copied_record result{&all.about(), {}};
    for (std::size_t i = 0; i < all.access().size(); ++i) {
        if (!all.about().members[i].is_function) {
            result.members.push_back(all.access()[i].copy(source, *this));
        }
    }
    return result;
}

template <class T>
value::storage copier::items(T&& source) {
    using U = std::remove_cvref_t<T>;
    if constexpr (mapping_like<U>) {
        dict result;
        for (auto&& [key, item] : source) {
            if (!has_room(result.size())) {
                result.emplace_back(value{left_out()}, value{left_out()});
                break;
            }
            result.emplace_back((*this)(key), (*this)(item));
        }
        return result;
    } else {
        list result;
        for (auto&& item : source) {
            if (!has_room(result.size())) {
                result.emplace_back(value::storage{left_out()});
                break;
            }
            using element = std::ranges::range_value_t<U>;
            if constexpr (std::is_reference_v<decltype(*std::ranges::begin(source))>) {
                result.push_back((*this)(item));
            } else {
                result.push_back((*this)(static_cast<element>(item)));
            }
        }
        return result;
    }
}

template <class T>
value::storage copier::parts(T&& source) {
    using U = std::remove_cvref_t<T>;
    if (depth_ <= 0) {
        return left_out();
    }
    const nesting deeper{*this};
    if constexpr (described<U>) {
        return members(source);
    } else if constexpr (std::ranges::range<U>) {
        return items(std::forward<T>(source));
    } else {
        tuple result;
        std::apply([&](auto&&... item) { (result.items.push_back(operator()(item)), ...); }, source);
        return result;
    }
}

template <class T>
value::storage copier::content_of(T&& source) {
    using U = std::remove_cvref_t<T>;
    if constexpr (std::same_as<U, value>) {
        return source.content();
    } else if constexpr (std::same_as<U, bool> || std::same_as<U, std::monostate>) {
        return source;
    } else if constexpr (std::same_as<U, std::nullptr_t> || std::same_as<U, std::nullopt_t>) {
        return {};
    } else if constexpr (std::is_enum_v<U>) {
        const auto number = static_cast<std::int64_t>(source);
        const auto& known = enumeration_of<U>();
        return known.enumerators.empty() ? value::storage{number} : enumerator{&known, number};
    } else if constexpr (std::unsigned_integral<U>) {
        return static_cast<std::uint64_t>(source);
    } else if constexpr (std::integral<U>) {
        return static_cast<std::int64_t>(source);
    } else if constexpr (std::floating_point<U>) {
        return static_cast<double>(source);
    } else if constexpr (is_a<U, std::atomic>) {
        return content_of(source.load());
    } else if constexpr (std::same_as<U, bytes> || std::same_as<U, list> ||
                         std::same_as<U, tuple> || std::same_as<U, dict> ||
                         std::same_as<U, enumerator> || std::same_as<U, time_span> ||
                         std::same_as<U, copied_record> ||
                         std::same_as<U, std::shared_ptr<const function>> ||
                         std::same_as<U, std::shared_ptr<const live_object>>) {
        return value::storage{std::forward<T>(source)};
    } else if constexpr (described<U>) {
        return parts(source);
    } else if constexpr (std::is_pointer_v<U> && std::same_as<std::remove_cv_t<std::remove_pointer_t<U>>, char>) {
        return source != nullptr ? value::storage{std::string{source}} : value::storage{};
    } else if constexpr (string_like<U>) {
        return std::string{std::string_view{source}};
    } else if constexpr (path_like<U>) {
        return std::string{source.native()};
    } else if constexpr (is_a<U, std::chrono::duration>) {
        return span_of(source, false);
    } else if constexpr (is_a<U, std::chrono::time_point>) {
        return span_of(source.time_since_epoch(),
                       std::same_as<typename U::clock, std::chrono::system_clock>);
    } else if constexpr (pointer_like<U>) {
        return pointee(source);
    } else if constexpr (is_a<U, std::weak_ptr>) {
        return pointee(source.lock());
    } else if constexpr (is_a<U, std::reference_wrapper>) {
        return content_of(source.get());
    } else if constexpr (is_a<U, std::variant>) {
        return std::visit([this](const auto& held) { return this->content_of(held); }, source);
    } else if constexpr (std::ranges::range<U> || tuple_like<U>) {
        return parts(std::forward<T>(source));
    } else if constexpr (typed_callable<std::decay_t<T>>) {
        return make_function<std::decay_t<T>>(std::forward<T>(source), "", "");
    } else {
        static_assert(std::same_as<U, void>,
                      "this type has no Python counterpart; give its class a "
                      "describe(backdoor::members<...>&), see <backdoor/describe.hpp>");
    }
}

}  // namespace backdoor::detail

namespace backdoor {

template <class T>
    requires(!std::same_as<std::remove_cvref_t<T>, value> &&
             !std::same_as<std::remove_cvref_t<T>, value::storage>)
value::value(T&& source)
    : content_{detail::copier{}.content_of(std::forward<T>(source))} {}

}  // namespace backdoor
