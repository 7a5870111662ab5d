// C++ objects under names at the prompt: how long they are there, and when they are looked at.
#pragma once

#include <backdoor/export.hpp>
#include <backdoor/value.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace backdoor {

namespace detail {

/// Of an exposed object: looks at it, and the wait of its end for them. Thread safety: all members.
class BACKDOOR_API lifetime {
public:
    /// Throws object_gone after end().
    class BACKDOOR_API look {
    public:
        explicit look(lifetime& of);
        look(const look&) = delete;
        look& operator=(const look&) = delete;
        ~look();

    private:
        lifetime& of_;
    };

    lifetime(std::string name);
    lifetime(const lifetime&) = delete;
    lifetime& operator=(const lifetime&) = delete;
    ~lifetime();
    /// False where others look yet at the end of the limit.
    bool end(std::chrono::milliseconds limit) noexcept;

private:
    struct state;
    const std::unique_ptr<state> state_;
};

}  // namespace detail

/// How long an exposed object may be looked at: until this is destroyed, or end() is called; from then
/// on its name raises ReferenceError at every prompt. Declare it after the object, so that it ends
/// first. Thread safety: as an int; distinct ones are independent.
class [[nodiscard]] exposure {
public:
    /// How long the destructor waits.
    static constexpr std::chrono::milliseconds longest_wait{2000};

    exposure() = default;
    explicit exposure(std::shared_ptr<detail::lifetime> of) : lifetime_{std::move(of)} {}
    exposure(exposure&&) noexcept = default;
    exposure& operator=(exposure&& other) noexcept {
        end();
        lifetime_ = std::move(other.lifetime_);
        return *this;
    }
    ~exposure() { end(); }

    /// Waits for the looks of other threads that are under way, which is as long as the longest of the
    /// object's own functions that a prompt has called; where the host lends its loop and this is
    /// called on it, there is none. Within such a function it does not wait for that one. At most the limit:
    /// then it is said so on standard output and the result is false, and what is looked at had better
    /// be kept, where that can be.
    bool end(std::chrono::milliseconds limit = longest_wait) noexcept {
        const auto ended = std::exchange(lifetime_, nullptr);
        return ended == nullptr || ended->end(limit);
    }

private:
    std::shared_ptr<detail::lifetime> lifetime_;
};

/// A turn of the host's loop, from construction to destruction: the loop holds still, as in
/// `with turn():`. For bindings of the host's own, as pybind11's call policy:
///
///     py::class_<book>(module, "Book")
///         .def("cancel", &book::cancel, py::call_guard<backdoor::in_turn>());
///
/// A call from a prompt then is a turn, within options::turn_budget, after which the prompt's code
/// gets TurnOverrun when the call returns. Where there is no prompt (the host's own Python calls), no
/// executor, or a turn already, it does nothing.
/// The caller has the GIL, which is let go of while the loop is waited for. Throws error where the
/// loop does not answer within options::turn_wait.
class BACKDOOR_API in_turn {
public:
    in_turn();
    in_turn(const in_turn&) = delete;
    in_turn& operator=(const in_turn&) = delete;
    ~in_turn();

private:
    bool entered_;
};

namespace detail {

template <class T, bool IsConst>
place<T> place_of(std::shared_ptr<lifetime> of, T& object) {
    return [of = std::move(of), at = &object](const visitor<T>& visit) {
        const lifetime::look looking{*of};
        visit(*at, !IsConst);
    };
}

}  // namespace detail

}  // namespace backdoor
