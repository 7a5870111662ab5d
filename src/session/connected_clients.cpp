#include "session/connected_clients.hpp"

#include "session/io_thread.hpp"
#include "session/run_on.hpp"
#include "session/session.hpp"
#include "session/session_group.hpp"

#include <algorithm>

namespace backdoor {

namespace {

/// Calls f for each session, on the IO thread, if there is one.
template <class F>
void for_each_session(F f) {
    if (const auto io = io_thread::running()) {
        run_on(*io, [&] {
            const auto groups = io->groups();
            for (auto* const group : groups) {
                group->for_each(f);
            }
        });
    }
}

bool with_session(std::uint64_t number, void (session::*action)()) {
    bool found = false;
    for_each_session([&](session& one) {
        if (one.number() == number) {
            found = true;
            (one.*action)();
        }
    });
    return found;
}

}  // namespace

std::vector<connected_client> connected_clients() {
    std::vector<connected_client> all;
    for_each_session([&](session& one) {
        all.push_back({one.number(), one.known_as(), one.since(), one.interpreter()});
    });
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.number < b.number; });
    return all;
}

bool interrupt_client(std::uint64_t number) { return with_session(number, &session::interrupt); }

void close_clients_with_consoles() {
    for_each_session([](session& one) {
        if (one.interpreter()) {
            one.dismiss("Python ends in this process");
        }
    });
}

bool close_client(std::uint64_t number) { return with_session(number, &session::close); }

}  // namespace backdoor
