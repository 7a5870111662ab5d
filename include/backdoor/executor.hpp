// How a host lends its own loop to a console, a turn at a time.
#pragma once

#include <backdoor/export.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

struct _object;  // CPython's PyObject

namespace backdoor {

/// Where turns run: the host's own loop. Empty by default: then there are no turns, and what
/// consoles call runs on the console's own thread.
///
/// Made from anything with `execute(f)` (every Asio executor: `io.get_executor()`, a strand, a
/// pool) or from a function that takes a `std::function<void()>` and later runs it on the loop
/// (Qt's invokeMethod, libuv's async, an eventfd and a queue).
///
/// Thread safety: post() is called from consoles' threads; the executor behind it must allow that,
/// as Asio's do. What is posted may still be waiting when its console is gone; it then does
/// nothing, so a loop that stops early leaves nothing dangling.
class executor {
public:
    using work = std::function<void()>;

    executor() = default;

    template <class Executor>
        requires requires(const Executor& e, work w) { e.execute(std::move(w)); }
    executor(Executor e)
        : post_{[e = std::move(e)](work w) { e.execute(std::move(w)); }} {}

    template <class Post>
        requires(std::invocable<Post&, work> && !std::same_as<std::remove_cvref_t<Post>, executor>)
    executor(Post post) : post_{std::move(post)} {}

    explicit operator bool() const { return static_cast<bool>(post_); }

    /// Runs w on the host's loop, soon. May throw what the host's own post throws.
    void post(work w) const { post_(std::move(w)); }

private:
    std::function<void(work)> post_;
};

/// An asyncio loop of a host that runs Python itself. Empty by default.
///
/// Thread safety: copies and destruction need no GIL.
class BACKDOOR_API asyncio_loop {
public:
    asyncio_loop() = default;

    /// Anything with a `ptr()` that gives its PyObject*, as a pybind11::object. The caller holds the
    /// GIL.
    template <class Loop>
        requires requires(const Loop& l) {
            { l.ptr() } -> std::convertible_to<_object*>;
        }
    asyncio_loop(const Loop& loop) : asyncio_loop{loop.ptr()} {}

    /// The same from a borrowed PyObject*. Throws error where Python does not run.
    explicit asyncio_loop(_object* loop);

    explicit operator bool() const { return static_cast<bool>(loop_); }
    /// Borrowed; needs the GIL to be used.
    _object* python_object() const { return loop_.get(); }

private:
    std::shared_ptr<_object> loop_;
};

}  // namespace backdoor
