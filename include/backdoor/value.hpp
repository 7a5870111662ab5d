// Values that cross between C++ and a console's Python, without either seeing the other's headers.
#pragma once

#include <backdoor/export.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace backdoor {

class value;

/// A Python `bytes`.
struct bytes {
    std::string data;
    bool operator==(const bytes&) const = default;
};

using list = std::vector<value>;
/// A Python `tuple`.
struct tuple {
    std::vector<value> items;
};
/// A Python `dict`, in the order of insertion.
using dict = std::vector<std::pair<value, value>>;

/// What a call passes: positional and keyword arguments.
struct arguments {
    std::vector<value> positional;
    std::map<std::string, value> keywords;
};

/// A C++ callable as Python sees it. Calls may come from any console's thread, unless an executor
/// is set (options::executor): then they come from the executor alone.
struct function {
    std::string name;
    std::string documentation;
    std::function<value(const arguments&)> call;
};

/// Thrown by a conversion or by an exposed function: becomes a Python TypeError.
class BACKDOOR_API bad_argument : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

/// One Python-compatible value. A copy is independent of the original (a function is shared).
/// Thread safety: as an int; distinct objects are independent.
class value {
public:
    using storage =
        std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, bytes,
                     list, tuple, dict, std::shared_ptr<const function>>;

    value() = default;  ///< None
    value(std::nullptr_t) {}
    value(storage content) : content_{std::move(content)} {}

    /// From any C++ value that has a Python counterpart: numbers, strings, enums (their number),
    /// optionals, pairs and tuples, ranges (a list), maps (a dict), callables (a function).
    template <class T>
        requires(!std::same_as<std::remove_cvref_t<T>, value> &&
                 !std::same_as<std::remove_cvref_t<T>, storage>)
    value(T&& source);

    const storage& content() const { return content_; }
    bool is_none() const { return std::holds_alternative<std::monostate>(content_); }

    /// The content as T. Throws bad_argument where it is not one, or does not fit.
    template <class T>
    T as() const;

private:
    storage content_;
};

}  // namespace backdoor

#include <backdoor/detail/value_conversions.hpp>
