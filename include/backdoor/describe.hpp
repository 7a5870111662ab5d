// What a class shows of itself at the prompt: a list of its members.
#pragma once

#include <backdoor/export.hpp>

#include <concepts>
#include <functional>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

namespace backdoor {

class value;
struct arguments;

/// What a function takes, where its parameters have names.
struct parameter {
    std::string name;
    bool is_optional = false;
};

/// The kinds of things with parts.
enum class shape { record, sequence, elements, mapping };

/// A type with parts, as Python shows it. Of static storage.
struct description {
    struct member {
        std::string name;
        std::string documentation;
        bool is_function = false;
        std::vector<parameter> parameters = {};
        /// What the member is, where that has parts itself and its type says so.
        const description* (*type)() = nullptr;
    };
    std::string name;
    std::string documentation;
    backdoor::shape shape = shape::record;
    std::vector<member> members = {};
};

namespace detail {

/// As C++ writes it: "orders::book".
BACKDOOR_API std::string type_name(const std::type_info& type);

template <class T>
using visitor = std::function<void(T& object, bool may_change)>;

/// The way to an object, gone anew at each look, so that nothing is looked at that is gone: calls the
/// visitor with it, or throws object_gone.
template <class T>
using place = std::function<void(const visitor<T>&)>;

class copier;

template <class T>
struct member_access {
    std::function<value(const place<T>&)> look;
    std::function<value(const T&, copier&)> copy;
    std::function<value(T&, bool may_change, const arguments&)> call;
};

}  // namespace detail

/// Collects what a class shows. A function of that name beside the class, or a friend in it, says what:
///
///     void describe(backdoor::members<book>& of) {
///         of.member("matched", &book::matched, "Trades made since the start.")
///             .member("bids", &book::bids_)
///             .function("cancel", &book::cancel, {"id"}, "Take an order out of the book.");
///     }
///
/// It has to be declared where the class is first given to backdoor. Called once for each class.
template <class T>
class members {
public:
    /// For help().
    members& documentation(std::string text) {
        about_.documentation = std::move(text);
        return *this;
    }

    /// An attribute: a pointer to a data member, to a const member function without parameters, or
    /// anything that is called with a `const T&`. What a function returns by reference, or a data
    /// member is, is looked at where it is; what is returned by value is a copy.
    template <class Get>
    members& member(std::string name, Get get, std::string documentation = {});

    /// A method: a pointer to a member function, or anything that is called with a `T&` and the
    /// arguments. As for locals::function().
    template <class F>
    members& function(std::string name, F f) {
        return function(std::move(name), std::move(f), {}, {});
    }
    template <class F, std::convertible_to<std::string> Text>
    members& function(std::string name, F f, Text documentation) {
        return function(std::move(name), std::move(f), {}, std::move(documentation));
    }

    /// The same with names of the parameters, by which a call may give them, too, and which help() and
    /// completion tell. Throws error where there are not as many as parameters.
    template <class F>
    members& function(std::string name, F f, std::initializer_list<const char*> parameters,
                      std::string documentation = {});

    const description& about() const { return about_; }
    const std::vector<detail::member_access<T>>& access() const { return access_; }

private:
    description about_{detail::type_name(typeid(T)), {}};
    std::vector<detail::member_access<T>> access_;
};

namespace detail {

void describe() = delete;  // so that the concept looks beside the class alone

/// Has a describe().
template <class T>
concept described = std::is_class_v<T> && requires(members<T>& of) { describe(of); };

template <described T>
const members<T>& members_of() {
    static const auto& only = *[] {
        auto* const all = new members<T>;  // never destroyed, as enumerations are
        describe(*all);
        return all;
    }();
    return only;
}

}  // namespace detail

}  // namespace backdoor

#include <backdoor/value.hpp>
