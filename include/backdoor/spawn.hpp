// The seed's eventlet.spawn, for threads.
#pragma once

#include <thread>
#include <utility>

namespace backdoor {

/// The seed's spawn(f, ...): runs f(args...) beside the caller and returns a handle. Destroying
/// the handle asks f to stop, where its first parameter is a std::stop_token, and waits for it.
template <class F, class... Args>
[[nodiscard]] std::jthread spawn(F&& f, Args&&... args) {
    return std::jthread{std::forward<F>(f), std::forward<Args>(args)...};
}

}  // namespace backdoor
