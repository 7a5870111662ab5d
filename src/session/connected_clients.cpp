#include "session/connected_clients.hpp"

#include "session/best_effort.hpp"
#include "session/errand.hpp"
#include "session/io_thread.hpp"
#include "session/session.hpp"
#include "session/session_group.hpp"

#include <backdoor/error.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace backdoor {

namespace {

/// Calls f(session&, result) for each session, on the IO thread, if there is one. Throws error
/// where that does not answer.
template <class Result, class F>
Result gather(F f) {
    const auto result = std::make_shared<Result>();
    if (const auto io = io_thread::running()) {
        const auto asking = std::make_shared<errand>([result, f, from = io.get()] {
            const auto groups = from->groups();
            for (auto* const group : groups) {
                group->for_each([&](session& one) { f(one, *result); });
            }
        });
        if (!asking->run(*io)) {
            throw error{
                "backdoor: the IO thread, which knows who is connected, does not answer; has a log "
                "or audit function of the host's not returned?"};
        }
    }
    return std::move(*result);
}

bool with_session(std::uint64_t number, void (session::*action)()) {
    return gather<bool>([number, action](session& one, bool& found) {
        if (one.number() == number) {
            found = true;
            (one.*action)();
        }
    });
}

}  // namespace

std::vector<connected_client> connected_clients() {
    using clients = std::vector<connected_client>;
    auto all = gather<clients>([](session& one, clients& found) {
        found.push_back({one.number(), one.known_as(), one.since(), one.interpreter()});
    });
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.number < b.number; });
    return all;
}

bool interrupt_client(std::uint64_t number) { return with_session(number, &session::interrupt); }

void close_clients_with_consoles() {
    best_effort([] {
        (void)gather<bool>([](session& one, bool&) {
            if (one.interpreter()) {
                one.dismiss("Python ends in this process");
            }
        });
    });
}

bool close_client(std::uint64_t number) { return with_session(number, &session::close); }

}  // namespace backdoor
