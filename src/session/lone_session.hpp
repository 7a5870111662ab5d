// One client without a server of its own.
#pragma once

#include <backdoor/listener.hpp>
#include <backdoor/locals.hpp>
#include <backdoor/options.hpp>

#include <functional>
#include <memory>

namespace backdoor {

/// Gives a connected client a console, which lives until the client leaves. `gone` is called once
/// then, on a thread where waiting is allowed. Returns what keeps no one alive, but closes the
/// session when called. Throws error.
std::function<void()> start_lone_session(connection client, locals names, options choices,
                                         std::function<void()> gone);

}  // namespace backdoor
