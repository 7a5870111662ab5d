// C++ objects that are looked at where they are, anew at each look. Included by value.hpp.
#pragma once

namespace backdoor {

/// An object with parts, for a console. All but type() is for the host's loop, where it lends one
/// (options::executor), and throws object_gone where the object is gone.
class live_object {
public:
    virtual ~live_object() = default;

    virtual const description& type() const = 0;
    /// All of it, within the limits.
    virtual value copy(detail::copier limits) const = 0;

    // Of records, by the number of the member.
    virtual value member(std::size_t) const { return {}; }
    virtual value call(std::size_t, const arguments&) const { return {}; }

    // Of containers.
    virtual std::uint64_t length() const { return 0; }
    /// Throws std::out_of_range.
    virtual value element(std::uint64_t) const { return {}; }
    /// Copies of so many from there on, each so many after the other.
    virtual list elements(std::uint64_t, std::uint64_t, std::int64_t) const { return {}; }
    /// The value of a key; of elements the key itself. Empty where there is no such key.
    virtual std::optional<value> find(const value&) const { return std::nullopt; }

    /// Elements that one look takes at most.
    static constexpr std::size_t most_elements = 100'000;
};

}  // namespace backdoor

namespace backdoor::detail {

/// Visits what a reference leads to, as one that may be changed where neither it nor the way is const.
template <class T, class Reference>
void go_on(const visitor<T>& visit, Reference& found, bool may_change) {
    visit(const_cast<T&>(found), may_change && !std::is_const_v<Reference>);
}

/// To what is within a T: of the T's place and a function of T& that gives a reference.
template <class Part, class T, class Select>
place<Part> place_within(place<T> at, Select select) {
    return [at = std::move(at), select = std::move(select)](const visitor<Part>& visit) {
        at([&](T& whole, bool may_change) { go_on<Part>(visit, select(whole), may_change); });
    };
}

template <class T>
value read_at(const place<T>& at) {
    value result;
    at([&](T& object, bool) { result = copier{}(std::as_const(object)); });
    return result;
}

template <with_parts T>
class live_base : public live_object {
public:
    explicit live_base(place<T> at) : at_{std::move(at)} {}
    const description& type() const override { return *description_of<T>(); }
    value copy(copier limits) const override {
        value result;
        at_([&](T& object, bool) { result = limits(object); });
        return result;
    }

protected:
    const place<T> at_;
};

template <with_parts T>
class live_record final : public live_base<T> {
public:
    using live_base<T>::live_base;
    value member(std::size_t number) const override {
        return members_of<T>().access()[number].look(this->at_);
    }
    value call(std::size_t number, const arguments& given) const override {
        value result;
        this->at_([&](T& object, bool may_change) {
            result = members_of<T>().access()[number].call(object, may_change, given);
        });
        return result;
    }
};

template <with_parts T>
class live_container : public live_base<T> {
public:
    using live_base<T>::live_base;
    std::uint64_t length() const override {
        std::uint64_t count = 0;
        this->at_([&](T& object, bool) { count = length_of(object); });
        return count;
    }

protected:
    static std::uint64_t length_of(T& object) {
        if constexpr (std::ranges::sized_range<T>) {
            return std::ranges::size(object);
        } else {
            return static_cast<std::uint64_t>(std::ranges::distance(object));
        }
    }
};

template <with_parts T>
class live_sequence final : public live_container<T> {
public:
    using live_container<T>::live_container;

    value element(std::uint64_t index) const override {
        using reference = std::ranges::range_reference_t<T>;
        if constexpr (std::is_lvalue_reference_v<reference>) {
            using part = std::remove_cvref_t<reference>;
            check(index, this->length());
            return look<part>(place_within<part>(this->at_, [index](T& object) -> auto& {
                if (index >= live_container<T>::length_of(object)) {
                    throw object_gone{"element " + std::to_string(index) + " is gone"};
                }
                return *nth(object, index);
            }));
        } else {  // a proxy, as of vector<bool>
            value result;
            this->at_([&](T& object, bool) {
                check(index, live_container<T>::length_of(object));
                result = copier{}(static_cast<std::ranges::range_value_t<T>>(*nth(object, index)));
            });
            return result;
        }
    }

    list elements(std::uint64_t first, std::uint64_t count, std::int64_t step) const override {
        list result;
        this->at_([&](T& object, bool) {
            copier copy{live_object::most_elements};
            const auto size = live_container<T>::length_of(object);
            auto index = static_cast<std::int64_t>(first);
            for (std::uint64_t i = 0; i < count && std::cmp_less(index, size) && index >= 0;
                 ++i, index += step) {
                result.push_back(copy(static_cast<const std::ranges::range_value_t<T>&>(
                    *nth(object, static_cast<std::uint64_t>(index)))));
            }
        });
        return result;
    }

private:
    static void check(std::uint64_t index, std::uint64_t length) {
        if (index >= length) {
            throw std::out_of_range{"it has " + std::to_string(length) + " elements"};
        }
    }
    static auto nth(T& object, std::uint64_t index) {
        return std::ranges::next(std::ranges::begin(object),
                                 static_cast<std::ranges::range_difference_t<T>>(index));
    }
};

/// The key as the container has it; none where it is no such key.
template <class Key>
std::optional<Key> key_from(const value& given) {
    if constexpr (std::is_enum_v<Key> || std::is_arithmetic_v<Key> ||
                  std::same_as<Key, std::string> || std::same_as<Key, std::string_view>) {
        try {
            return given.as<Key>();
        } catch (const bad_argument&) {
            return std::nullopt;
        }
    } else {
        throw bad_argument{"keys of that type cannot be looked up; go through all of them"};
    }
}

template <with_parts T>
class live_elements final : public live_container<T> {
public:
    using live_container<T>::live_container;
    std::optional<value> find(const value& given) const override {
        std::optional<value> result;
        if constexpr (set_like<T>) {
            if (const auto key = key_from<typename T::key_type>(given)) {
                this->at_([&](T& object, bool) {
                    if (object.find(*key) != object.end()) {
                        result = given;
                    }
                });
            }
        } else {
            throw bad_argument{"a multimap's elements are pairs; go through all of them"};
        }
        return result;
    }
};

template <with_parts T>
class live_mapping final : public live_container<T> {
public:
    using live_container<T>::live_container;
    std::optional<value> find(const value& given) const override {
        using part = std::remove_cv_t<typename T::mapped_type>;
        const auto key = key_from<typename T::key_type>(given);
        bool is_there = false;
        if (key) {
            this->at_([&](T& object, bool) { is_there = object.find(*key) != object.end(); });
        }
        if (!is_there) {
            return std::nullopt;
        }
        return look<part>(place_within<part>(this->at_, [key](T& object) -> auto& {
            const auto found = object.find(*key);
            if (found == object.end()) {
                throw object_gone{"the element with that key is gone"};
            }
            return found->second;
        }));
    }
};

template <with_parts T>
value live(place<T> at) {
    constexpr auto kind = shape_of<T>();
    std::shared_ptr<const live_object> object;
    if constexpr (kind == shape::record) {
        object = std::make_shared<live_record<T>>(std::move(at));
    } else if constexpr (kind == shape::mapping) {
        object = std::make_shared<live_mapping<T>>(std::move(at));
    } else if constexpr (kind == shape::elements) {
        object = std::make_shared<live_elements<T>>(std::move(at));
    } else {
        object = std::make_shared<live_sequence<T>>(std::move(at));
    }
    return value{value::storage{std::move(object)}};
}

[[noreturn]] inline void gone() { throw object_gone{"the object is gone"}; }

/// A std::shared_ptr's object, while others keep it.
template <class T>
value watch(std::weak_ptr<T> object) {
    return live<T>(place<T>{[object = std::move(object)](const visitor<T>& visit) {
        const auto held = object.lock();
        if (held == nullptr) {
            gone();
        }
        visit(*held, true);
    }});
}

template <class T>
value look_behind(const place<T>& at) {
    using part = std::remove_cvref_t<decltype(*std::declval<T&>())>;
    bool is_null = true;
    at([&](T& pointer, bool) { is_null = !pointer; });
    if (is_null) {
        return {};
    }
    return look<part>(place_within<part>(at, [](T& pointer) -> auto& {
        if (!pointer) {
            gone();
        }
        return *pointer;
    }));
}

template <class T>
value look_at_alternative(const place<T>& at) {
    std::size_t index = std::variant_npos;
    at([&](T& one, bool) { index = one.index(); });
    value result;
    const auto try_one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
        using part = std::variant_alternative_t<I, T>;
        if (index == I) {
            result = look<part>(place_within<part>(at, [](T& one) -> part& {
                auto* const held = std::get_if<I>(&one);
                if (held == nullptr) {
                    gone();
                }
                return *held;
            }));
        }
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (try_one(std::integral_constant<std::size_t, I>{}), ...);
    }(std::make_index_sequence<std::variant_size_v<T>>{});
    return result;
}

/// What Python is given of an object: a value, or, of what has parts, a way to look at them.
template <class T>
value look(const place<T>& at) {
    if constexpr (with_parts<T>) {
        return live<T>(at);
    } else if constexpr (is_a<T, std::shared_ptr> || is_a<T, std::weak_ptr>) {
        return read_at(at);
    } else if constexpr (pointer_like<T>) {
        return look_behind(at);
    } else if constexpr (is_a<T, std::reference_wrapper>) {
        using part = std::remove_const_t<typename T::type>;
        return look<part>(place_within<part>(at, [](T& one) -> auto& { return one.get(); }));
    } else if constexpr (is_a<T, std::variant>) {
        return look_at_alternative(at);
    } else if constexpr (tuple_like<T>) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return value{tuple{{look<std::remove_cvref_t<std::tuple_element_t<I, T>>>(
                place_within<std::remove_cvref_t<std::tuple_element_t<I, T>>>(
                    at, [](T& one) -> auto& { return std::get<I>(one); }))...}}};
        }(std::make_index_sequence<std::tuple_size_v<T>>{});
    } else {
        return read_at(at);
    }
}

}  // namespace backdoor::detail

namespace backdoor {

template <class T>
template <class Get>
members<T>& members<T>::member(std::string name, Get get, std::string documentation) {
    using result = std::invoke_result_t<const Get&, const T&>;
    using part = std::remove_cvref_t<result>;
    detail::member_access<T> access;
    access.copy = [get](const T& object, detail::copier& copy) { return copy(std::invoke(get, object)); };
    if constexpr (std::is_lvalue_reference_v<result>) {
        access.look = [get](const detail::place<T>& at) {
            return detail::look<part>(detail::place_within<part>(
                at, [get](T& object) -> auto& { return std::invoke(get, object); }));
        };
    } else {
        access.look = [get](const detail::place<T>& at) {
            value got;
            at([&](T& object, bool) { got = value{std::invoke(get, std::as_const(object))}; });
            return got;
        };
    }
    about_.members.push_back({std::move(name), std::move(documentation), false, {},
                              std::is_lvalue_reference_v<result> ||
                                      detail::is_a<part, std::shared_ptr>
                                  ? detail::described_by<part>()
                                  : nullptr});
    access_.push_back(std::move(access));
    return *this;
}

template <class T>
template <class F>
members<T>& members<T>::function(std::string name, F f, std::initializer_list<const char*> parameters,
                                 std::string documentation) {
    constexpr const typename detail::behind_object<F>::type* types = nullptr;
    auto names = detail::named_parameters(parameters, types);
    detail::member_access<T> access;
    access.call = [f, names](T& object, bool may_change, const arguments& given) {
        const auto call = [&](auto&&... arguments) -> decltype(auto) {
            return std::invoke(f, object, std::forward<decltype(arguments)>(arguments)...);
        };
        if (!may_change && !detail::is_called_with_const<T, F>) {
            throw bad_argument{"changes the object, which is exposed as const"};
        }
        return detail::call_as(call, given, names, types);
    };
    about_.members.push_back({std::move(name), std::move(documentation), true, std::move(names)});
    access_.push_back(std::move(access));
    return *this;
}

}  // namespace backdoor
