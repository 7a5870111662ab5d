// The seed's SocketConsole: a console that is switched to, as a greenlet is.
#pragma once

#include <backdoor/export.hpp>
#include <backdoor/listener.hpp>
#include <backdoor/locals.hpp>
#include <backdoor/options.hpp>
#include <backdoor/value.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace backdoor {

/// One console on one connection, run and resumed by hand: the seed's
/// SocketConsole(desc, hostport, locals) and its switch(*args, **kwargs), which in C++ is called
/// switch_to().
///
/// How a greenlet maps to threads. The body runs on a thread of its own, but not at the same time as
/// whoever switched to it: switch_to() hands control over and waits until the body ends or hands it
/// back with switch_back(). The interactive body hands back at once and whenever it is resumed:
/// its client is served by the IO thread and the interpreter's own, meanwhile and always, so that
/// one switch_to() is all it needs. It is dead when its client has left.
///
/// Legal calls. switch_to(): from any thread, with or without the GIL, holding no lock that the body
/// takes; a second caller waits until the first one's call returns. From within the body this is the
/// current console: the call returns its own arguments. switch_back(): from within the body only.
/// Destruction: from any thread but the body's; a body that is switched out gets an exception from
/// switch_back(), which it must let pass, and has ended when the destructor returns.
class BACKDOOR_API SocketConsole {
public:
    using body = std::function<value(SocketConsole& self, const arguments& given)>;

    /// With the interactive interpreter as its body. Throws error where no usable libpython is
    /// found.
    explicit SocketConsole(connection client, locals names = {}, options choices = {});
    /// With a body of the host's own.
    explicit SocketConsole(body run);
    SocketConsole(const SocketConsole&) = delete;
    SocketConsole& operator=(const SocketConsole&) = delete;
    ~SocketConsole();

    /// The seed's three rules:
    /// - never run: starts the body with those arguments, and returns what it first hands back, or
    ///   its result;
    /// - active (has been run, and is switched out): resumes it; its pending switch_back() returns
    ///   None without arguments, the one argument, or the pair of the args tuple and kwargs dict;
    /// - dead, or the current console: returns the arguments by the same rules.
    /// An exception that leaves the body is thrown here, once.
    value switch_to(arguments given);

    template <class... Args>
        requires(!(sizeof...(Args) == 1 && (std::same_as<std::remove_cvref_t<Args>, arguments> && ...)))
    value switch_to(Args&&... positional) {
        return switch_to(arguments{{value{std::forward<Args>(positional)}...}, {}});
    }

    /// Hands control back to the caller of switch_to(), whose call returns `given` by the same
    /// rules. Returns what the next switch_to() brings.
    value switch_back(arguments given = {});

    /// The body has ended.
    bool dead() const;

private:
    class implementation;
    std::shared_ptr<implementation> implementation_;
};

}  // namespace backdoor
