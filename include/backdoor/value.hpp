// Values that cross between C++ and a console's Python, without either seeing the other's headers.
#pragma once

#include <backdoor/describe.hpp>
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

class live_object;

/// An enumeration, by the names of its values.
struct enumeration {
    std::string name;
    std::vector<std::pair<std::string, std::int64_t>> enumerators;
};

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

/// One of an enumeration's values: a member of an enum.IntEnum.
struct enumerator {
    const enumeration* of;  ///< of static storage
    std::int64_t number;
};

/// count * numerator / denominator seconds: a datetime.timedelta, or, as a date, a datetime.datetime in
/// UTC. Python keeps microseconds of it.
struct time_span {
    std::int64_t count;
    std::int64_t numerator;
    std::int64_t denominator;
    bool is_date = false;  ///< since 1970
};

/// A copy of an object whose class has a describe() (describe.hpp): its members by name.
struct copied_record {
    const description* of;  ///< of static storage; null: what was left out, shown as "..."
    std::vector<value> members;
};

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
    std::vector<parameter> parameters = {};  ///< empty: they have no names
};

/// Thrown by a conversion or by an exposed function: becomes a Python TypeError.
class BACKDOOR_API bad_argument : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

/// Thrown where an exposed object is gone: becomes a Python ReferenceError.
class BACKDOOR_API object_gone : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One Python-compatible value. A copy is independent of the original (functions and live objects are
/// shared).
/// Thread safety: as an int; distinct objects are independent.
class value {
public:
    using storage =
        std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, bytes,
                     list, tuple, dict, enumerator, time_span, copied_record,
                     std::shared_ptr<const function>, std::shared_ptr<const live_object>>;

    value() = default;  ///< None
    value(std::nullptr_t) {}
    value(storage content) : content_{std::move(content)} {}

    /// From any C++ value that has a Python counterpart: numbers, atomics, strings, paths, chrono's
    /// durations and times, enums (by name, where they have one), optionals, variants, pairs and
    /// tuples, ranges (a list), maps (a dict), callables (a function), classes with a describe()
    /// (describe.hpp), and pointers to these. A std::shared_ptr or std::weak_ptr to what has parts
    /// stays a live object, as locals::expose() makes it.
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

#include <backdoor/detail/kinds.hpp>
#include <backdoor/detail/enum_names.hpp>
#include <backdoor/detail/value_conversions.hpp>
#include <backdoor/detail/copier.hpp>
#include <backdoor/detail/live_objects.hpp>
