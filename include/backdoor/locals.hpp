// The names a console starts with.
#pragma once

#include <backdoor/export.hpp>
#include <backdoor/expose.hpp>
#include <backdoor/value.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

struct _object;  // CPython's PyObject

namespace backdoor {

/// The names a host gives its consoles, as the seed's `locals`.
///
///     backdoor::locals names;
///     names.set("limits", std::map<std::string, int>{{"orders", 100}});   // a copy, made now
///     names.live("matched", [&] { return book.matched(); });              // read at each access
///     names.function("cancel", [&](int id) { return book.cancel(id); }, "Cancel an order.");
///     const auto shown = names.expose("book", book);                      // the object itself
///
/// Each console's namespace starts as a copy of these (options::share_locals: one for all).
/// Thread safety: none while it is filled; a server keeps its own copy.
class BACKDOOR_API locals {
public:
    /// How a name is held until a console asks for it.
    struct entry {
        std::string name;
        value held;                     ///< set(), function()
        std::function<value()> getter;  ///< live(): called at each access; else empty
    };

    locals() = default;

    /// From a Python dict: a pybind11::dict, a boost::python::dict, anything with a `ptr()` that
    /// gives its PyObject*. The dict is kept, not copied, until a console opens. The caller holds
    /// the GIL, here alone: copies and destruction of the locals need none.
    template <class Dict>
        requires requires(const Dict& d) {
            { d.ptr() } -> std::convertible_to<_object*>;
        }
    locals(const Dict& python_dict) : locals{python_dict.ptr()} {}

    /// The same from a borrowed PyObject*. Throws error where Python does not run or the object is
    /// no dict.
    explicit locals(_object* python_dict);

    /// `name` is bound to a copy of `v`.
    template <class T>
    locals& set(std::string name, T&& v) {
        entries_.push_back({std::move(name), value{std::forward<T>(v)}, {}});
        return *this;
    }

    /// `name` is the getter's result, asked anew at each access: a counter seen moving. With an
    /// executor the getter runs on the host's loop, else on the console's thread, where it must
    /// itself see to what it shares with the host.
    template <std::invocable Getter>
    locals& live(std::string name, Getter getter) {
        entries_.push_back({std::move(name), {}, [g = std::move(getter)]() mutable -> value {
                                return value{g()};
                            }});
        return *this;
    }

    /// `name(...)` calls f, whose parameter types say what it takes; as for live() it runs on the
    /// host's loop when there is an executor. Parameters at the end that are std::optional may be
    /// left out. What it throws becomes a Python exception: bad_argument a TypeError,
    /// std::invalid_argument and std::domain_error a ValueError, std::out_of_range an IndexError,
    /// any other std::exception a RuntimeError.
    template <class F>
    locals& function(std::string name, F f) {
        return function(std::move(name), std::move(f), {}, {});
    }
    template <class F, std::convertible_to<std::string> Text>
    locals& function(std::string name, F f, Text documentation) {
        return function(std::move(name), std::move(f), {}, std::move(documentation));
    }

    /// The same with names of its parameters, by which a call may give them, too, and which help() and
    /// completion tell: names.function("cancel", f, {"id"}, "Cancel an order."). Throws error where
    /// there are not as many as parameters.
    template <class F>
    locals& function(std::string name, F f, std::initializer_list<const char*> parameters,
                     std::string documentation = {}) {
        auto callable =
            detail::make_function(std::move(f), name, std::move(documentation), parameters);
        entries_.push_back({std::move(name), value{value::storage{std::move(callable)}}, {}});
        return *this;
    }

    /// `name` is the object itself, looked at where it is, and anew at each look; nothing is copied but
    /// what is asked for, and nothing can be assigned. The result is how long: keep it beside the
    /// object, and shorter.
    ///
    /// Numbers, atomics, strings, times, enums are their value at each access. Containers are read-only
    /// sequences and mappings with their bounds checked; classes with a describe() (describe.hpp) have
    /// its members and functions; pointers, optionals and variants are what they hold; and so on
    /// within these. With an executor each access runs on the host's loop; else on the console's
    /// thread, where the host itself must see to it that nothing changes meanwhile. To go through a
    /// container copies it in one access, 100,000 elements at most.
    template <class T>
        requires(!detail::is_a<std::remove_const_t<T>, std::shared_ptr>)
    exposure expose(std::string name, T& object) {
        using bare = std::remove_const_t<T>;
        auto life = std::make_shared<detail::lifetime>(name);
        expose_at(std::move(name), detail::place_of<bare, std::is_const_v<T>>(
                                       life, const_cast<bare&>(object)));
        return exposure{std::move(life)};
    }

    /// The same of an object that lives while somebody else keeps it: a std::weak_ptr is kept here.
    template <class T>
    locals& expose(std::string name, const std::shared_ptr<T>& object) {
        using bare = std::remove_const_t<T>;
        expose_at<bare>(std::move(name),
                        [weak = std::weak_ptr<T>{object}](const detail::visitor<bare>& visit) {
                            const auto held = weak.lock();
                            if (held == nullptr) {
                                detail::gone();
                            }
                            visit(const_cast<bare&>(*held), !std::is_const_v<T>);
                        });
        return *this;
    }

    template <class T>
        requires(!detail::is_a<T, std::shared_ptr>)
    exposure expose(std::string name, const T&& object) = delete;  // a temporary is gone at once

    const std::vector<entry>& entries() const { return entries_; }
    /// The Python dict this was made from, or null. Borrowed; needs the GIL to be used.
    _object* python_dict() const { return python_dict_.get(); }

private:
    template <class T>
    void expose_at(std::string name, detail::place<T> at) {
        if constexpr (detail::with_parts<T>) {
            entries_.push_back({std::move(name), detail::look<T>(at), {}});
        } else {
            entries_.push_back({std::move(name), {}, [at = std::move(at)] {
                                    return detail::look<T>(at);
                                }});
        }
    }

    std::vector<entry> entries_;
    std::shared_ptr<_object> python_dict_;
};

}  // namespace backdoor
